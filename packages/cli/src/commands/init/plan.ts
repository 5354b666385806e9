import type { ChangeStyle } from '../../sources/change-style.js';
import type { Manifest } from '../../sources/manifest.js';
import type { PackageManager } from '../../sources/package-manager.js';
import type { Database } from './database.js';

/** Lines that somebody adds to the application. */
export interface ApplicationLines {
  /** Which file, or which place. */
  readonly where: string;
  readonly lines: string;
}

/** What an application is built with. */
export interface Framework {
  /** What `--framework` says. */
  readonly id: string;
  readonly title: string;
  /** The package by which it is recognised. */
  readonly recognisedBy: string | undefined;
  /** The package that puts the run into its start. */
  readonly package: string | undefined;
  readonly lines: (plan: InitPlan) => readonly ApplicationLines[];
}

/** Everything that is known of a project, found out or said, before anything is written. */
export interface InitPlan {
  /** Of the project; absolute. */
  readonly directory: string;
  readonly manifest: Manifest;
  readonly framework: Framework;
  readonly database: Database;
  readonly service: string;
  readonly targetSystem: string;
  /** The first one is disposable. */
  readonly environments: readonly string[];
  readonly style: ChangeStyle;
  /** Whether the project is written in TypeScript. */
  readonly typescript: boolean;
  /** Where the changes stand; absolute. */
  readonly changeFolder: string;
  /** What the configuration's file ends in, with the dot. */
  readonly configExtension: '.ts' | '.mjs' | '.cjs';
  readonly packageManager: PackageManager;
}

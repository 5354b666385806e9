import type { PackageManager } from '../../sources/package-manager.js';

/** What `flamingock init` can be told. What is not said is found out, or asked. */
export interface InitOptions {
  readonly framework?: string;
  readonly database?: string;
  readonly service?: string;
  readonly target?: string;
  readonly environments?: string;
  readonly style?: 'decorated' | 'function';
  readonly folder?: string;
  readonly packageManager?: PackageManager;
  readonly dryRun?: boolean;
}

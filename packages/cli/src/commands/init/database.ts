import type { ChangeClient } from '../../sources/change-client.js';

/** A kind of database that a first configuration can be written for, through one driver. */
export interface Database {
  /** What `--database` says. */
  readonly id: string;
  readonly title: string;
  /** The packages of the application by which it is recognised: all of them are there. */
  readonly recognisedBy: readonly string[];
  /** The `id` of what it brings along, which is not meant then. */
  readonly inPlaceOf?: string;
  /** What has to be installed beside the core. */
  readonly packages: readonly string[];
  /** Types of them, where the project is TypeScript. */
  readonly types: readonly string[];
  /** The environment variable with the address. */
  readonly variable: string;
  /** Which class the client is of, and where it comes from. */
  readonly driver: { readonly name: string; readonly module: string; readonly isDefault: boolean };
  /** The client, made with the address. */
  readonly make: (driver: string, address: string) => string;
  /** The client is there only when a promise is. */
  readonly connects: boolean;
  /** How the client is closed. */
  readonly close: string;
  /** What of the client store and target take. Default: the client itself. */
  readonly take?: (client: string) => string;
  /** How an application makes what store and target take, where it is another way. */
  readonly inApplication?: (driver: string, address: string) => string;
  /** What of a Nest application's container store and target take. */
  readonly inNest?: NestProvider;
  /** The functions that make audit store and target of a client. */
  readonly store: string;
  readonly target: string;
  readonly adapter: string;
  readonly client: ChangeClient;
  /** What a first change does, and takes back. */
  readonly example: { readonly apply: string; readonly rollback: string };
}

/** A provider of a Nest application, which another module of it brings. */
export interface NestProvider {
  /** The package that it takes; without it the application makes its own client. */
  readonly needs?: string;
  readonly token: string;
  /** What is imported for the token. */
  readonly imported: string;
  readonly from: string;
  /** The module that stands in the same place. */
  readonly module: string;
}

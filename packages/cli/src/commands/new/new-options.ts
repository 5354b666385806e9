import type { Numbering } from './next-order.js';

/** What `flamingock new` can be told. */
export interface NewOptions {
  readonly target?: string;
  readonly folder?: string;
  readonly numbering?: Numbering;
}

import type { Flamingock } from '../flamingock.js';
import type { FlamingockOptions } from '../options.js';

/** An engine that an application has made while its starts were held. */
export interface HeldEngine {
  readonly flamingock: Flamingock;
  /** With what it was made. */
  readonly options: FlamingockOptions;
}

/** What the command line leaves for every copy of this package in the process. */
interface Holder {
  readonly engines: HeldEngine[];
  readonly load: LoadModule;
}

type LoadModule = (file: string) => Promise<unknown>;

const SLOT = Symbol.for('flamingock.held-starts');

/**
 * From now on starts of this process look at nothing and apply nothing, as in the mode `off`, and every engine that is
 * made is noted: so an application can be built for its clients and changes, whichever framework it is made with.
 *
 * @param load imports change files, by their absolute path, as the application itself was imported
 * @returns what was made since; `end` lets starts run again
 */
export function holdStarts(load: LoadModule): {
  readonly engines: readonly HeldEngine[];
  readonly end: () => void;
} {
  const holder: Holder = { engines: [], load };
  slot()[SLOT] = holder;
  return {
    engines: holder.engines,
    end: () => {
      if (slot()[SLOT] === holder) slot()[SLOT] = undefined;
    },
  };
}

/** Tells whether starts are held. */
export function startsAreHeld(): boolean {
  return slot()[SLOT] !== undefined;
}

/** How change files are imported while starts are held. */
export function heldLoader(): LoadModule | undefined {
  return slot()[SLOT]?.load;
}

/** Notes an engine where starts are held. */
export function noteEngine(engine: HeldEngine): void {
  slot()[SLOT]?.engines.push(engine);
}

// On the process: two copies of this package (one per module format) must agree.
function slot(): { [SLOT]?: Holder | undefined } {
  return globalThis as { [SLOT]?: Holder | undefined };
}

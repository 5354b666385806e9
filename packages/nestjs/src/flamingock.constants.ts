/** The engine's token. A string: it reads well in Nest's own messages, and two copies of this package agree on it. */
export const FLAMINGOCK = 'FLAMINGOCK';

/** Marks the modules that `FlamingockModule` made: who imports one is the module whose view changes share. */
export const FLAMINGOCK_ENTRANCE = 'FLAMINGOCK_ENTRANCE';

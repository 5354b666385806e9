/*
 * Tokens are strings: they read well in Nest's own messages, and two copies of this package agree on them.
 */

/** The engine's token, to which a named instance adds its name. */
export const FLAMINGOCK = 'FLAMINGOCK';

/** What `forRoot` was told of an instance beside the options of its engine: an `InstanceDeclaration`. */
export const FLAMINGOCK_INSTANCE = 'FLAMINGOCK_INSTANCE';

/** The options of an engine, as `forRoot` was given them or as `forRootAsync` has made them. */
export const FLAMINGOCK_OPTIONS = 'FLAMINGOCK_OPTIONS';

/** The features whose changes an instance takes into its sequence. */
export const FLAMINGOCK_FEATURES = 'FLAMINGOCK_FEATURES';

/** The function that makes and runs an engine. Tests put another one in its place, for all instances at once. */
export const FLAMINGOCK_START = 'FLAMINGOCK_START';

/** Marks the modules that `forRoot` made, with their declaration: who imports one is the module whose view changes share. */
export const FLAMINGOCK_ENTRANCE = 'FLAMINGOCK_ENTRANCE';

/** Marks the modules that `forFeature` made, with what the feature contributes. */
export const FLAMINGOCK_FEATURE = 'FLAMINGOCK_FEATURE';

/** Fails where the changes of a feature would never run. */
export const FLAMINGOCK_FEATURE_CHECK = 'FLAMINGOCK_FEATURE_CHECK';

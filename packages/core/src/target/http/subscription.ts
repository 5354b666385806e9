/** A diagnostics channel of Node or undici, and who listens to it. */
export type Subscription = readonly [channel: string, listener: (message: unknown) => void];

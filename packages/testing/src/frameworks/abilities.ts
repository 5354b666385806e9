/** What only some frameworks can do; the cases that need it ask for it by this name, and never for a framework. */
export const FRAMEWORK_ABILITIES = {
  http: 'It answers HTTP requests.',
  closedPort: 'Its port is closed while changes run, and it says that it listens only afterwards.',
  heldRequests: 'Its port is open while changes run, and requests are answered only afterwards.',
  gate: 'Its port is open while changes run, and requests are refused, except those of probes.',
  closing: 'It can be closed from inside, and its process then ends by itself.',
} as const satisfies Readonly<Record<string, string>>;

/** A key of {@link FRAMEWORK_ABILITIES}. */
export type FrameworkAbility = keyof typeof FRAMEWORK_ABILITIES;

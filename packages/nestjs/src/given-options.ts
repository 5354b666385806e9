import { FlamingockError } from '@flamingock/core';

/** Tells options from what plain JavaScript may give in their place: nothing at all, a text, a list. */
export function isGiven(options: unknown): options is object {
  return typeof options === 'object' && options !== null && !Array.isArray(options);
}

/** The options, or none where they are no object: that is told when the application is created. */
export function given<T extends object>(options: T): Partial<T> {
  return isGiven(options) ? options : {};
}

/** `FLG_OPTION_INVALID`: nothing can be read from what was given. */
export function noOptions(where: string): FlamingockError {
  const hints: Readonly<Record<string, string>> = {
    'FlamingockModule.forRootAsync()':
      'Pass { useFactory, inject }, and let the factory return { service, environment, auditStore, targets, changes }.',
    'FlamingockModule.forFeature()': 'Pass { changes }.',
  };
  return invalid(
    `${where}: the options must be an object`,
    hints[where] ?? 'Pass { service, environment, auditStore, targets, changes }.',
  );
}

/** `FLG_OPTION_INVALID` where `forRootAsync` was told of nobody who makes the options. */
export function sourceProblems(
  { useFactory, useClass, useExisting }: Readonly<Record<string, unknown>>,
  where: string,
): readonly FlamingockError[] {
  // In the order in which Nest looks at them.
  const source = useFactory ?? useExisting ?? useClass;
  const isUsable = source === useExisting ? source !== undefined : typeof source === 'function';
  if (isUsable) return [];
  return [
    invalid(
      `${where}: nobody makes the options`,
      'Pass a function as useFactory, or a class as useClass or useExisting; one that is undefined may be imported in a circle.',
    ),
  ];
}

function invalid(what: string, hint: string): FlamingockError {
  return new FlamingockError({ code: 'FLG_OPTION_INVALID', message: `${what}.`, hint });
}

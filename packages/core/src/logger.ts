/** Where lines for people go. The shape that most loggers already have; `console` fits. */
export interface Logger {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

/** Says nothing. */
export const silentLogger: Logger = Object.freeze({ info: ignore, warn: ignore, error: ignore });

/** Lines on standard error, so that an application's standard output stays its own. */
export const consoleLogger: Logger = Object.freeze({ info: write, warn: write, error: write });

/** A logger whose every line first goes through `clean`, and whose failures end nothing: a closed pipe is no reason to stop. */
export function cleaned(logger: Logger, clean: (message: string) => string): Logger {
  const line =
    (level: keyof Logger) =>
    (message: string): void => {
      try {
        logger[level](clean(message));
      } catch {
        // There is nowhere left to say so.
      }
    };
  return { info: line('info'), warn: line('warn'), error: line('error') };
}

function write(message: string): void {
  process.stderr.write(`[flamingock] ${message}\n`);
}

function ignore(): void {
  // A silent logger has nothing to do.
}

import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** Contexts of Nest that report its wiring, line by line. */
const WIRING = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/** Nest's own logger for a person at a terminal: what is said and by whom, and nothing twice. */
export class TerminalLogger extends ConsoleLogger {
  override log(message: unknown, context?: string): void {
    if (context === undefined || !WIRING.has(context)) super.log(message, context);
  }

  override error(message: unknown, ...rest: string[]): void {
    // Nest reports an error that ends the start, and then rejects with it; `main.ts` prints it.
    if (rest.at(-1) !== 'ExceptionHandler') super.error(message, ...rest);
  }

  protected override formatMessage(
    level: LogLevel,
    message: unknown,
    _pid: string,
    _level: string,
    context: string,
  ): string {
    return `${context}${this.stringifyMessage(message, level)}\n`;
  }
}

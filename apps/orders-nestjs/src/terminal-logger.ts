import { ConsoleLogger, type LogLevel } from '@nestjs/common';

/** Contexts of Nest that report its wiring, line by line. */
const WIRING = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/** Contexts in which Nest reports an error that ends the start. It also rejects with it, and `main.ts` prints it. */
const REJECTED_ANYWAY = new Set(['ExceptionHandler', 'NestApplication']);

/** Nest's own logger for a person at a terminal: what is said and by whom, and nothing twice. */
export class TerminalLogger extends ConsoleLogger {
  override log(message: unknown, context?: string): void {
    if (context === undefined || !WIRING.has(context)) super.log(message, context);
  }

  override error(message: unknown, ...rest: string[]): void {
    if (!REJECTED_ANYWAY.has(rest.at(-1) ?? '')) super.error(message, ...rest);
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

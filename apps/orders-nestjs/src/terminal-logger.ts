import { ConsoleLogger } from '@nestjs/common';

/** Contexts of Nest that report its wiring, line by line. */
const WIRING = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
]);

/** Nest's own logger for a person at a terminal: without the wiring, and without an error that `main.ts` prints. */
export class TerminalLogger extends ConsoleLogger {
  override log(message: unknown, context?: string): void {
    if (context === undefined || !WIRING.has(context)) super.log(message, context);
  }

  override error(message: unknown, ...rest: string[]): void {
    // Nest reports an error that ends the start, and then rejects with it.
    if (rest.at(-1) !== 'ExceptionHandler') super.error(message, ...rest);
  }
}

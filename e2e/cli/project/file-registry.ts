import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** A system without transactions: what is registered is a line of its file. */
export class FileRegistry {
  constructor(private readonly file: string) {}

  register(subject: string): void {
    appendFileSync(this.file, `${subject}\n`);
  }

  count(subject: string): number {
    if (!existsSync(this.file)) return 0;
    return readFileSync(this.file, 'utf8')
      .split('\n')
      .filter((line) => line === subject).length;
  }
}

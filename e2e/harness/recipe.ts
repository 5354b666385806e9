import { readFile } from 'node:fs/promises';
import { createFlamingock, type AuditStore, type DefinedChange, type Target } from '@flamingock/core';
import { expect } from '@jest/globals';

/** Checks that a page shows a file of the fixtures as it is, so that what its test does is what a reader does. */
export async function expectShown(page: string, fixture: string): Promise<void> {
  const [text, code] = await Promise.all(
    [`../../docs/targets/${page}`, `../fixtures/${fixture}`].map((file) =>
      readFile(new URL(file, import.meta.url), 'utf8'),
    ),
  );
  expect(text).toContain(`\n${String(code)}\`\`\``);
}

/** A service with one change at one target. */
export function serviceWith(auditStore: AuditStore, name: string, target: Target, change: DefinedChange) {
  return createFlamingock({
    service: 'orders',
    environment: 'test',
    auditStore,
    targets: { [name]: target },
    changes: [change],
    logger: false,
  });
}

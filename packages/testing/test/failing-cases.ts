import { setTimeout as sleep } from 'node:timers/promises';
import type { ContractCase } from '../src/contract-case.js';

/** A case that an honest store in memory passes takes a fraction of this, in milliseconds. */
const HANGS_MS = 3_000;

/** The names of the cases that reject for a harness, or never end. */
export async function failingCases<Harness>(
  cases: readonly ContractCase<Harness>[],
  harness: Harness,
): Promise<string[]> {
  const names: string[] = [];
  for (const { name, run } of cases) {
    const end = new AbortController();
    const hangs = sleep(HANGS_MS, 'hangs', { signal: end.signal }).catch(() => undefined);
    const ended = run(harness).catch(() => 'fails');
    if ((await Promise.race([ended, hangs])) !== undefined) names.push(name);
    end.abort();
  }
  return names;
}

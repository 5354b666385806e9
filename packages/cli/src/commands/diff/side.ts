import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { FlamingockError, isFlamingockError } from '@flamingock/core';
import {
  type Desk,
  type HashedEntry,
  type LedgerHistory,
  type RecordedChange,
  recordedSequence,
  verifyExport,
} from '@flamingock/core/desk';
import { openProject } from '../../config/open-project.js';
import type { OtherLedger, ProjectRequest } from '../../config/project.js';
import { toldError } from '../../frame/failure.js';
import { notKnown } from '../../frame/usage.js';
import { exportedEntries } from '../audit/exported-entries.js';

/** One of the two ledgers that are held against each other. */
export interface Side {
  /** As it was typed: an environment, or the file of an export. */
  readonly name: string;
  readonly from: 'store' | 'export';
  /** Of a store. */
  readonly key: Desk['key'] | undefined;
  /** In their order. */
  readonly changes: readonly RecordedChange[];
  readonly entries: number;
  /** Why it cannot be relied on: it was tampered with, or only a part was exported. */
  readonly defect: string | undefined;
}

/**
 * Reads one side: an environment of the configuration from its own store, over its own connection, or what
 * `audit export` wrote. Throws what the store throws, with the name of the environment.
 */
export function sideOf(name: string, request: ProjectRequest, other: OtherLedger): Promise<Side> {
  const file = resolve(request.directory, name);
  const isFile = /\.(?:nd)?json$/.test(name) || (/[./\\]/.test(name) && existsSync(file));
  return isFile ? exportedSide(name, file) : storedSide(name, request, other);
}

async function exportedSide(name: string, file: string): Promise<Side> {
  const entries = await exportedEntries(file);
  const gap = entries.findIndex(({ sequence }, index) => sequence !== index + 1);
  return {
    ...{ name, from: 'export', key: undefined },
    ...comesTo(entries),
    defect:
      gap < 0
        ? defectOf(verifyExport(entries))
        : `only a part of the ledger was exported: entry ${gap + 1} is not there`,
  };
}

async function storedSide(name: string, request: ProjectRequest, other: OtherLedger): Promise<Side> {
  const project = await openProject({ ...request, environment: name });
  try {
    const desk = await project.desk(other);
    const { entries, chain } = await desk.history();
    if (entries.length === 0) await assertThere(desk, other);
    return {
      ...{ name, from: 'store', key: desk.key },
      ...comesTo(entries),
      defect: defectOf(chain),
    };
  } catch (error) {
    throw isFlamingockError(error) ? naming(name, error) : error;
  } finally {
    await project.close();
  }
}

function defectOf(chain: LedgerHistory['chain']): string | undefined {
  return chain.intact ? undefined : `it is broken at entry ${chain.sequence}: ${chain.reason}`;
}

function comesTo(entries: readonly HashedEntry[]): Pick<Side, 'changes' | 'entries'> {
  return { changes: recordedSequence(entries), entries: entries.length };
}

/** An environment may be without a ledger yet; a service that was mistyped is not an empty one. */
async function assertThere(desk: Desk, { service, tenant }: OtherLedger): Promise<void> {
  if (service === undefined && tenant === undefined) return;
  const ledgers = (await desk.ledgers()).map(({ key }) => key);
  const services = new Set(ledgers.map((key) => key.service));
  if (!services.has(desk.key.service)) throw notKnown('service', desk.key.service, [...services]);
  const tenants = ledgers.filter((key) => key.service === desk.key.service).map((key) => key.tenant);
  if (tenant !== undefined && !tenants.includes(tenant))
    throw notKnown(
      'tenant',
      tenant,
      [...new Set(tenants)].filter((known) => known !== ''),
    );
}

function naming(environment: string, error: FlamingockError): FlamingockError {
  const { code, hint, problems } = error;
  const { message } = toldError(error);
  return new FlamingockError({ code, message: `'${environment}': ${message}`, hint, problems, cause: error });
}

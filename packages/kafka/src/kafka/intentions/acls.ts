import type { AclEntry as ProtocolAcl } from 'kafkajs';
import type { Seen } from '../../intention.js';
import type { Connection } from '../connection.js';
import type { ConnectedClient, KafkaIntention } from '../kafka-intention.js';
import { untilSeen } from '../until-seen.js';
import { checkWanted, flag, type Rule } from '../wanted.js';

const RESOURCES = { TOPIC: 2, GROUP: 3, CLUSTER: 4, TRANSACTIONAL_ID: 5, DELEGATION_TOKEN: 6 } as const;
const PATTERNS = { LITERAL: 3, PREFIXED: 4 } as const;
const PERMISSIONS = { DENY: 2, ALLOW: 3 } as const;
const OPERATIONS = {
  ALL: 2,
  READ: 3,
  WRITE: 4,
  CREATE: 5,
  DELETE: 6,
  ALTER: 7,
  DESCRIBE: 8,
  CLUSTER_ACTION: 9,
  DESCRIBE_CONFIGS: 10,
  ALTER_CONFIGS: 11,
  IDEMPOTENT_WRITE: 12,
} as const;

/** One rule of who may do what. */
export interface AclEntry {
  /** `User:orders`. */
  readonly principal: string;
  /** An address; default `*`, any. */
  readonly host?: string;
  readonly operation: keyof typeof OPERATIONS;
  /** Default `ALLOW`. */
  readonly permission?: keyof typeof PERMISSIONS;
  readonly resource: {
    readonly type: keyof typeof RESOURCES;
    /** Of the topic or group; `kafka-cluster` for the cluster. */
    readonly name: string;
    /** `PREFIXED`: of everything whose name begins so. Default `LITERAL`. */
    readonly pattern?: keyof typeof PATTERNS;
  };
}

type AclIntention = KafkaIntention<readonly AclEntry[]>;

const CREATE_ACLS = 30;
const DELETE_ACLS = 31;

/**
 * That there are these ACLs.
 *
 * Needs `Describe` and `Alter` on the cluster. Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`.
 *
 * @param options `removeOnRollback`: the rollback removes them, also those that were there before; default `false`: there
 *   is no way back
 * @returns an intention whose `apply` resolves to those that were there before
 */
export function ensureAcls(
  entries: readonly AclEntry[],
  options: { readonly removeOnRollback?: boolean } = {},
): AclIntention {
  checkEntries('ensureAcls()', entries);
  checkWanted('ensureAcls()', options, { removeOnRollback: flag });
  return {
    wants: `ACLs: ${entries.map(shown).join('; ')}`,
    apply: ({ connection }) => add(connection, entries),
    look: ({ connection }) => seen(connection, entries, true),
    ...(options.removeOnRollback === true
      ? { rollback: ({ connection }: ConnectedClient) => remove(connection, entries) }
      : {}),
  };
}

/**
 * That there are none of these ACLs: exactly these, whatever else would match them.
 *
 * Needs `Describe` and `Alter` on the cluster. Throws `FLG_OPTION_UNKNOWN` and `FLG_OPTION_INVALID`.
 *
 * @param options `addOnRollback`: the rollback adds them, also those that were missing before; default `false`: there is
 *   no way back
 * @returns an intention whose `apply` resolves to those that were there before
 */
export function removeAcls(
  entries: readonly AclEntry[],
  options: { readonly addOnRollback?: boolean } = {},
): AclIntention {
  checkEntries('removeAcls()', entries);
  checkWanted('removeAcls()', options, { addOnRollback: flag });
  return {
    wants: `no ACLs: ${entries.map(shown).join('; ')}`,
    apply: ({ connection }) => remove(connection, entries),
    look: ({ connection }) => seen(connection, entries, false),
    ...(options.addOnRollback === true
      ? { rollback: ({ connection }: ConnectedClient) => add(connection, entries) }
      : {}),
  };
}

async function add(connection: Connection, entries: readonly AclEntry[]): Promise<readonly AclEntry[]> {
  const before = await present(connection, entries);
  const missing = entries.filter((entry) => !before.includes(entry));
  if (missing.length === 0) return before;
  await connection.effect({
    what: 'create ACLs',
    needs: 'Alter on the cluster',
    apiKey: CREATE_ACLS,
    things: missing.length,
    run: (admin) => admin.createAcls({ acl: missing.map(inProtocol) }),
  });
  await untilSeen('ACLs', async () => (await present(connection, missing)).length === missing.length);
  return before;
}

async function remove(connection: Connection, entries: readonly AclEntry[]): Promise<readonly AclEntry[]> {
  const before = await present(connection, entries);
  if (before.length === 0) return before;
  await connection.effect({
    what: 'delete ACLs',
    needs: 'Alter on the cluster',
    apiKey: DELETE_ACLS,
    things: before.length,
    run: (admin) => admin.deleteAcls({ filters: before.map(inProtocol) }),
  });
  await untilSeen('ACLs', async () => (await present(connection, before)).length === 0);
  return before;
}

async function present(connection: Connection, entries: readonly AclEntry[]): Promise<readonly AclEntry[]> {
  const found: AclEntry[] = [];
  for (const entry of entries) {
    const { resources } = await connection.read(
      { what: 'describe ACLs', needs: 'Describe on the cluster' },
      (admin) => admin.describeAcls(inProtocol(entry)),
    );
    if (resources.some(({ acls }) => acls.length > 0)) found.push(entry);
  }
  return found;
}

async function seen(connection: Connection, entries: readonly AclEntry[], wanted: boolean): Promise<Seen> {
  const found = await present(connection, entries);
  const wrong = entries.filter((entry) => found.includes(entry) !== wanted);
  if (wrong.length === 0) return { state: 'there', differences: [] };
  return {
    state: wrong.length === entries.length ? 'absent' : 'other',
    differences: wrong.map((entry) => `ACL ${shown(entry)}: ${wanted ? 'missing' : 'want none, is there'}`),
  };
}

function inProtocol({
  principal,
  host = '*',
  operation,
  permission = 'ALLOW',
  resource,
}: AclEntry): ProtocolAcl {
  // Enumerations of kafkajs, which this package does not load.
  const words: object = {
    principal,
    host,
    operation: OPERATIONS[operation],
    permissionType: PERMISSIONS[permission],
    resourceType: RESOURCES[resource.type],
    resourceName: resource.name,
    resourcePatternType: PATTERNS[resource.pattern ?? 'LITERAL'],
  };
  return words as ProtocolAcl;
}

function shown({ principal, host, operation, permission, resource }: AclEntry): string {
  const of = `${resource.type} ${resource.name}${resource.pattern === 'PREFIXED' ? '*' : ''}`;
  return `${principal} ${permission === 'DENY' ? 'not ' : ''}${operation} on ${of}${host === undefined ? '' : ` from ${host}`}`;
}

function checkEntries(where: string, entries: readonly AclEntry[]): void {
  checkWanted(
    where,
    { entries },
    { entries: [(value) => Array.isArray(value) && value.length > 0, 'a list of ACLs'] },
  );
  for (const entry of entries) {
    checkWanted(where, entry, {
      principal: [(value) => /^\w+:./.test(String(value)), 'such as User:orders'],
      host: text,
      operation: oneOf(OPERATIONS),
      permission: oneOf(PERMISSIONS, true),
      resource: [(value) => typeof value === 'object' && value !== null, 'an object'],
    });
    checkWanted(`${where}: resource`, entry.resource, {
      type: oneOf(RESOURCES),
      name: [(value) => typeof value === 'string' && value !== '', 'a name'],
      pattern: oneOf(PATTERNS, true),
    });
  }
}

const text: Rule = [(value) => value === undefined || typeof value === 'string', 'a text'];

function oneOf(words: object, maybe = false): Rule {
  const known = Object.keys(words);
  return [
    (value) => (maybe && value === undefined) || known.includes(String(value)),
    `one of ${known.join(', ')}`,
  ];
}

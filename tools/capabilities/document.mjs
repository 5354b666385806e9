import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  AUDIT_STORE_ABILITIES,
  auditStoreContract,
  contractCoverage,
  TARGET_ABILITIES,
  transactionalTargetContract,
} from '@flamingock/testing';
import { format, resolveConfig } from 'prettier';
import { contractSubjects } from './subjects.mjs';

/** Makes docs/capabilities.md of what stores and targets declare, and of what their contracts' harnesses lack. */
const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean' } },
  allowPositionals: true,
});
const [file = 'docs/capabilities.md'] = positionals;

/** @param {boolean | undefined} capable */
const mark = (capable) => (capable === true ? 'yes' : 'no');

/**
 * @param {string[]} header
 * @param {string[][]} rows
 */
function table(header, rows) {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @param {Readonly<Record<string, string>>} abilities */
function meanings(abilities) {
  return table(
    ['ability', 'what it is'],
    Object.entries(abilities).map(([ability, meaning]) => [`\`${ability}\``, meaning]),
  );
}

/**
 * @param {string} name
 * @param {readonly import('@flamingock/testing').LackingAbility[]} lacking
 */
function reasons(name, lacking) {
  return lacking.map(({ ability, reason, cases }) => [name, `\`${ability}\``, `${cases}`, reason]);
}

/** @param {import('@flamingock/testing').ContractCoverage} coverage */
function counts({ run, lacking }) {
  return [`${run}`, `${lacking.reduce((sum, { cases }) => sum + cases, 0)}`];
}

const REASONS = ['', 'lacks', 'cases', 'because'];
const { auditStores, targets } = await contractSubjects();
const storeCases = auditStoreContract();
const targetCases = transactionalTargetContract();

const stores = auditStores.map(({ name, harness, sample }) => ({
  name,
  store: sample(),
  coverage: contractCoverage(storeCases, harness),
}));
const systems = targets.map(({ name, harness, lacksTransactions, sample }) => ({
  name,
  target: sample(),
  lacksTransactions,
  coverage: harness === undefined ? undefined : contractCoverage(targetCases, harness),
}));
for (const { name, target, coverage } of systems) {
  if ((target.transactions === undefined) === (coverage === undefined)) continue;
  throw new Error(`${name}: a target has a harness if and only if it has transactions`);
}

const text = `# Capabilities

What each store and target declares of itself, and how many cases of its [contract](../packages/testing/README.md) apply to
it. Stores and targets are told apart by these declarations, never by their names. A case applies unless the system
lacks an ability that it needs; then it checks that the ability is not claimed.

This file is generated from the declarations themselves by \`node tools/capabilities/main.mjs --write\`.

## Audit stores

- **shared transactions**: an entry can be appended inside a transaction of a target on the same driver object.
- **single connection**: the driver has one connection by nature; a shared transaction that is open is the lock.
- **columns**: columns are kept beside the text of an entry, for queries, and can be held against it.
- **checkpoints**: sessions keep how far a change with \`resumable: true\` has come.
- **lends one connection**: a session keeps the only connection, so store and target may not share the driver object.

${table(
  [
    '',
    'shared transactions',
    'single connection',
    'lends one connection',
    'columns',
    'checkpoints',
    'cases that run',
    'cases that do not apply',
  ],
  stores.map(({ name, store, coverage }) => [
    name,
    mark(store.capabilities.sharedTransactions),
    mark(store.capabilities.singleConnection),
    mark(store.capabilities.lendsOneConnection),
    mark(store.columns !== undefined),
    mark(store.capabilities.checkpoints),
    ...counts(coverage),
  ]),
)}

Why cases do not apply:

${table(
  REASONS,
  stores.flatMap(({ name, coverage }) => reasons(name, coverage.lacking)),
)}

${meanings(AUDIT_STORE_ABILITIES)}

## Targets

- **transactions**: a change runs in a transaction, with the fence of the contract.
- **time-outs**: a change may say \`lockTimeoutMs\` and \`statementTimeoutMs\`.
- **adoption**: a person may make a target that is behind, ahead or of another environment the one to use.
- **evidence**: what an attempt without a transaction did is observed, so that some failures prove that nothing happened.

${table(
  ['', 'transactions', 'time-outs', 'adoption', 'evidence', 'cases that run', 'cases that do not apply'],
  systems.map(({ name, target, coverage }) => [
    name,
    mark(target.transactions !== undefined),
    mark(target.transactions?.timeouts),
    mark(target.transactions?.adopt !== undefined),
    mark(target.evidence !== undefined),
    ...(coverage === undefined ? ['0', `${targetCases.length}`] : counts(coverage)),
  ]),
)}

Why cases do not apply:

${table(
  REASONS,
  systems.flatMap(({ name, lacksTransactions, coverage }) =>
    coverage === undefined
      ? [[name, 'transactions', `${targetCases.length}`, lacksTransactions ?? '']]
      : reasons(name, coverage.lacking),
  ),
)}

${meanings(TARGET_ABILITIES)}
`;

const document = await format(text, { ...(await resolveConfig(file)), parser: 'markdown' });
if (values.write === true) {
  writeFileSync(file, document);
  console.log(`${file} is written`);
} else if (readFileSync(file, 'utf8') === document) {
  console.log(`${stores.length} stores and ${systems.length} targets in ${file}`);
} else {
  console.log(`${file} is not what stores and targets declare: run node tools/capabilities/main.mjs --write`);
  process.exitCode = 1;
}

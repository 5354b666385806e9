import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { FRAMEWORK_ABILITIES, frameworkContract } from '@flamingock/testing';
import { format, resolveConfig } from 'prettier';
import { keptResults, runContract } from './contract-run.mjs';
import { frameworkSubjects } from './subjects.mjs';

/** Makes docs/frameworks.md: every case of the framework contract, and what came of it for every application. */
const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean' }, file: { type: 'string', default: 'docs/frameworks.md' } },
  allowPositionals: true,
});
const { file } = values;

/** @typedef {Awaited<ReturnType<typeof frameworkSubjects>>[number]} Subject */

/** The ways to hold traffic, one of which every application has. */
const WAYS = /** @type {const} */ ([
  ['closedPort', 'The port is closed while changes run'],
  ['gate', 'The port is open while changes run, and a gate refuses requests'],
  ['heldRequests', 'The port is open while changes run, and requests are held'],
]);

const cases = frameworkContract();
const subjects = await frameworkSubjects();

/**
 * @param {string[]} header
 * @param {string[][]} rows
 */
function table(header, rows) {
  return [header, header.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/**
 * @param {Subject} subject
 * @param {string} ability
 */
const reasonFor = ({ lacks = {} }, ability) => /** @type {Record<string, string>} */ (lacks)[ability];

/**
 * @param {Subject} subject
 * @param {(typeof cases)[number]} one
 */
const applies = (subject, { needs }) => needs.every((ability) => reasonFor(subject, ability) === undefined);

/**
 * @param {Subject[]} group
 * @param {(subject: string, name: string) => string} resultOf
 */
function results(group, resultOf) {
  const rows = cases
    .filter((one) => group.some((subject) => applies(subject, one)))
    .map((one) => [
      one.name,
      ...group.map((subject) => {
        const result = resultOf(subject.name, one.name);
        if (result !== 'passed') return `**${result}**`;
        return applies(subject, one) ? 'passed' : '–';
      }),
    ]);
  return table(['', ...group.map(({ name }) => name)], rows);
}

/** @param {(subject: string, name: string) => string} resultOf */
function documentOf(resultOf) {
  const sections = WAYS.map(([ability, title]) => {
    const group = subjects.filter((subject) => reasonFor(subject, ability) === undefined);
    return group.length === 0 ? '' : `## ${title}\n\n${results(group, resultOf)}`;
  });
  return `# Frameworks

What every integration promises, and what came of it for each framework and major: the
[contract](../packages/testing/README.md#a-framework-integration-of-your-own), run on real processes that are looked at from
outside. Frameworks are told apart by what they can do, never by their names. A dash says that a framework lacks what the case
needs; then the case has checked that it does not claim it.

This file is written by \`node tools/frameworks/main.mjs --write\`, which runs the contract on all of them.

${sections.filter((section) => section !== '').join('\n\n')}

## Abilities

${table(
  ['ability', 'what it is'],
  Object.entries(FRAMEWORK_ABILITIES).map(([ability, meaning]) => [`\`${ability}\``, meaning]),
)}

${table(
  ['', 'lacks', 'because'],
  subjects.flatMap((subject) =>
    Object.entries(subject.lacks ?? {}).map(([ability, reason]) => [subject.name, `\`${ability}\``, reason]),
  ),
)}
`;
}

if (values.write === true) runContract(positionals);
const kept = keptResults();
const text = documentOf(
  values.write === true ? (subject, name) => kept[subject]?.[name] ?? 'not run' : () => 'passed',
);
const document = await format(text, { ...(await resolveConfig(file)), parser: 'markdown' });
if (values.write === true) {
  writeFileSync(file, document);
  console.log(`${file} is written`);
} else if (readFileSync(file, 'utf8') === document) {
  console.log(`${subjects.length} applications and ${cases.length} cases in ${file}`);
} else {
  console.log(`${file} does not say that all have passed: run node tools/frameworks/main.mjs --write`);
  process.exitCode = 1;
}

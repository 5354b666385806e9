import { readFileSync } from 'node:fs';
import ts from 'typescript';

/**
 * Every error code of the core stands in the table of `docs/errors.md`, with its meaning, and the table has
 * no other.
 */
const SOURCE = 'packages/core/src/errors.ts';
const TABLE = 'docs/errors.md';

/** The codes of the object literal `ERROR_CODES` with their meanings. */
function declared() {
  /** @type {Map<string, string>} */
  const codes = new Map();
  const file = ts.createSourceFile(SOURCE, readFileSync(SOURCE, 'utf8'), ts.ScriptTarget.Latest);
  /** @param {ts.Node} node */
  const visit = (node) => {
    if (
      ts.isPropertyAssignment(node) &&
      ts.isIdentifier(node.name) &&
      ts.isStringLiteralLike(node.initializer)
    ) {
      if (node.name.text.startsWith('FLG_')) codes.set(node.name.text, node.initializer.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return codes;
}

/** The rows of the table that begin with a code: the code and the rest of the row. */
const documented = new Map(
  [...readFileSync(TABLE, 'utf8').matchAll(/^\|\s*`(FLG_\w+)`\s*\|(.*)$/gm)].map(([, code, row]) => [
    code,
    row,
  ]),
);
const codes = declared();

const complaints = [
  ...[...codes.keys()]
    .filter((code) => !documented.has(code))
    .map((code) => `${code} is missing in ${TABLE}`),
  ...[...documented.keys()]
    .filter((code) => !codes.has(code ?? ''))
    .map((code) => `${code} is not in ${SOURCE}`),
  ...[...codes]
    .filter(([code, meaning]) => documented.get(code)?.includes(meaning) === false)
    .map(([code, meaning]) => `${code} means "${meaning}" in ${SOURCE} and something else in ${TABLE}`),
  ...(codes.size === 0 ? [`${SOURCE} declares no code`] : []),
];

console.log(complaints.length > 0 ? complaints.join('\n') : `${codes.size} error codes`);
process.exitCode = complaints.length > 0 ? 1 : 0;

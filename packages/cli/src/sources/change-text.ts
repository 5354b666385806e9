import { type ChangeClient, importedFor } from './change-client.js';
import type { ChangeStyle } from './change-style.js';
import { importLine } from './import-line.js';

/** A change that is to be written. */
export interface ChangeToWrite {
  readonly id: string;
  /** `_0002__AddTotals`: of its file, and of its class. */
  readonly displayName: string;
  /** `undefined`: the engine tells by the clients which one is meant. */
  readonly targetSystem: string | undefined;
  readonly client: ChangeClient | undefined;
  /** Statements of its two methods; without them they say that they are not written yet. */
  readonly body?: { readonly apply: string; readonly rollback: string };
}

/** The text of a change, as the project writes its changes. */
export function changeText(change: ChangeToWrite, style: ChangeStyle): string {
  const text = style.form === 'decorated' ? decorated(change, style) : definition(change, style);
  return restyled(text, style);
}

/** A new change fails, and leaves nothing behind, until somebody has written it: what is applied never runs again. */
function bodiesOf({ displayName, body }: ChangeToWrite): {
  readonly apply: string;
  readonly rollback: string;
} {
  return (
    body ?? {
      apply: `throw new NotApplied('${displayName} is not written yet');`,
      rollback: `throw new Error('The rollback of ${displayName} is not written yet');`,
    }
  );
}

function definition(change: ChangeToWrite, style: ChangeStyle): string {
  const { id, displayName, targetSystem, client, body } = change;
  const { modules, named, rollback, author } = style;
  const { apply, rollback: back } = bodiesOf(change);
  const parameters = client === undefined ? '' : `{ ${client.parameter} }`;
  return lines(
    ...imports(['defineChange', ...(body === undefined ? ['NotApplied'] : [])], client, modules),
    '',
    `${modules === 'esm' ? 'export default' : 'module.exports ='} defineChange({`,
    `  id: '${id}',`,
    named && `  name: '${displayName}',`,
    author !== undefined && `  author: '${author}',`,
    targetSystem !== undefined && `  targetSystem: '${targetSystem}',`,
    client !== undefined && `  inject: { ${client.parameter}: ${client.type} },`,
    ...method(`apply(${parameters})`, apply, '},'),
    ...(rollback ? method(`rollback(${parameters})`, back, '},') : []),
    '});',
  );
}

function decorated(change: ChangeToWrite, { modules, injects, rollback, author }: ChangeStyle): string {
  const { id, displayName, targetSystem, client, body } = change;
  const { apply, rollback: back } = bodiesOf(change);
  const parameters = client === undefined ? '' : `${client.parameter}: ${client.type}`;
  const asked = injects && client !== undefined ? `{ inject: [${client.type}] }` : '';
  const names = [
    'Apply',
    'Change',
    ...(body === undefined ? ['NotApplied'] : []),
    ...(rollback ? ['Rollback'] : []),
    ...(targetSystem === undefined ? [] : ['TargetSystem']),
  ];
  return lines(
    ...imports(names, client, modules),
    '',
    `@Change({ id: '${id}'${author === undefined ? '' : `, author: '${author}'`} })`,
    targetSystem !== undefined && `@TargetSystem('${targetSystem}')`,
    `export class ${displayName} {`,
    `  @Apply(${asked})`,
    ...method(`apply(${parameters}): Promise<void>`, apply, '}'),
    ...(rollback
      ? ['', `  @Rollback(${asked})`, ...method(`rollback(${parameters}): Promise<void>`, back, '}')]
      : []),
    '}',
  );
}

function method(head: string, body: string, end: string): readonly string[] {
  return [`  async ${head} {`, `    ${body}`, `  ${end}`];
}

function imports(
  names: readonly string[],
  client: ChangeClient | undefined,
  modules: ChangeStyle['modules'],
): readonly string[] {
  const of = (imported: readonly string[] | string, module: string): string =>
    importLine(imported, module, modules);
  if (client === undefined) return [of(names, CORE)];
  if (client.module === CORE) return [of([...names, client.type].sort(ignoringCase), CORE)];
  return [of(names, CORE), of(importedFor(client), client.module)];
}

function ignoringCase(a: string, b: string): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : 1;
}

const CORE = '@flamingock/core';

function lines(...parts: readonly (string | false)[]): string {
  return `${parts.filter((part) => part !== false).join('\n')}\n`;
}

function restyled(text: string, { quote, semicolons, indent }: ChangeStyle): string {
  return text
    .replace(/^(?: {2})+/gm, (blanks) => indent.repeat(blanks.length / 2))
    .replaceAll("'", quote)
    .replace(/;$/gm, semicolons ? ';' : '');
}

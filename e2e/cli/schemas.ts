import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** What is wrong with an answer by the schema that the package publishes; nothing for one that keeps it. */
export function problemsOf(name: string, answer: unknown): unknown {
  const file = new URL(`./schemas/${name}.schema.json`, import.meta.resolve('@flamingock/cli/package.json'));
  const ajv = new Ajv2020({ formats: { 'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/ } });
  const validate = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);
  return validate(answer) ? undefined : validate.errors;
}

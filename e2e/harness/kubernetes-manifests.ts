import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Deployment } from 'kubernetes-models/apps/v1';
import type { IContainer } from 'kubernetes-models/v1/Container';
import { Job } from 'kubernetes-models/batch/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { Service } from 'kubernetes-models/v1';
import ts from 'typescript';
import { parseAllDocuments } from 'yaml';

const DIRECTORY = fileURLToPath(new URL('../../docs/kubernetes', import.meta.url));
/** Is not there: what is checked is a text in memory. */
const CHECKED = fileURLToPath(new URL('checked-manifest.ts', import.meta.url));

/** The models that know the schema of each kind, and where their types are. */
const KINDS = {
  'apps/v1 Deployment': [Deployment, 'kubernetes-models/apps/v1'],
  'batch/v1 Job': [Job, 'kubernetes-models/batch/v1'],
  'policy/v1 PodDisruptionBudget': [PodDisruptionBudget, 'kubernetes-models/policy/v1'],
  'v1 Service': [Service, 'kubernetes-models/v1'],
} as const;

/** What starts pods. */
export interface Workload {
  readonly kind: 'Deployment' | 'Job';
  readonly spec: {
    readonly progressDeadlineSeconds?: number;
    readonly activeDeadlineSeconds?: number;
    readonly backoffLimit?: number;
    readonly template: {
      readonly metadata: { readonly labels: Readonly<Record<string, string>> };
      readonly spec: {
        readonly terminationGracePeriodSeconds: number;
        readonly restartPolicy?: string;
        readonly containers: [IContainer];
      };
    };
  };
}

/** One document of a file. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: object;
}

/** The files of docs/kubernetes, each with its documents. */
export function manifestFiles(): readonly (readonly [file: string, documents: readonly Manifest[]])[] {
  return readdirSync(DIRECTORY).map((name) => {
    const documents = parseAllDocuments(readFileSync(join(DIRECTORY, name), 'utf8'));
    return [
      basename(name),
      documents.map((document) => {
        if ('errors' in document && document.errors.length > 0) throw document.errors[0] as Error;
        return document.toJS() as Manifest;
      }),
    ];
  });
}

/**
 * What is wrong with manifests: by the schemas of Kubernetes, which know the values and let unknown keys pass, and by
 * their types, which know the keys.
 */
export function mistakesIn(manifests: readonly Manifest[]): readonly string[] {
  const unknown = manifests.filter((manifest) => modelOf(manifest) === undefined);
  return [
    ...unknown.map(({ apiVersion, kind }) => `${apiVersion} ${kind} is not known here`),
    ...manifests.flatMap(bySchema),
    ...byTypes(manifests.map(typed).join('\n')),
  ];
}

type Kind = keyof typeof KINDS;

function modelOf({ apiVersion, kind }: Manifest): (typeof KINDS)[Kind] | undefined {
  return Object.entries(KINDS).find(([name]) => name === `${apiVersion} ${kind}`)?.[1];
}

/** TypeScript that compiles where the manifest has no other keys than its kind. */
function typed(manifest: Manifest, index: number): string {
  const types = modelOf(manifest)?.[1] ?? '';
  return `import type { I${manifest.kind} as Kind${index} } from '${types}';
export const manifest${index}: Kind${index} = ${JSON.stringify(manifest)};`;
}

function bySchema(manifest: Manifest): readonly string[] {
  const Model = modelOf(manifest)?.[0] as (new (parts: Manifest) => { validate(): void }) | undefined;
  try {
    if (Model !== undefined) new Model(manifest).validate();
    return [];
  } catch (error) {
    return [String(error)];
  }
}

function byTypes(text: string): readonly string[] {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const onDisk = { ...host };
  host.fileExists = (file) => file === CHECKED || onDisk.fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === CHECKED
      ? ts.createSourceFile(file, text, ts.ScriptTarget.ES2022)
      : onDisk.getSourceFile(file, ...rest);
  const program = ts.createProgram([CHECKED], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

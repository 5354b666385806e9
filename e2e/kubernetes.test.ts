import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type Manifest, manifestFiles, mistakesIn, type Workload } from './harness/kubernetes-manifests.js';

/** The times in docs/kubernetes.md, in seconds. */
const TIME = { lease: 30, wait: 600, run: 540, grace: 10, stop: 5, record: 10, boot: 15, leave: 5 };
const LONGEST_START = TIME.wait + TIME.run + TIME.stop + TIME.boot;

const FILES = manifestFiles();
const PAGE = readFileSync('docs/kubernetes.md', 'utf8');

function isWorkload(manifest: Manifest): boolean {
  return manifest.kind === 'Deployment' || manifest.kind === 'Job';
}

const WORKLOADS = FILES.flatMap(([file, documents]) =>
  documents
    .filter(isWorkload)
    .map((manifest) => [file, manifest.kind, manifest as unknown as Workload] as const),
);
const DEPLOYMENTS = WORKLOADS.filter(([, kind]) => kind === 'Deployment');

/** How long a probe fails before something is done, in seconds. */
function budget(
  probe: { readonly periodSeconds?: number; readonly failureThreshold?: number } | undefined,
): number {
  return (probe?.periodSeconds ?? 10) * (probe?.failureThreshold ?? 3);
}

describe('The manifests of docs/kubernetes', () => {
  it.each(FILES)(
    '%s is what Kubernetes takes',
    (_, documents) => {
      expect(mistakesIn(documents)).toEqual([]);
    },
    60_000,
  );

  it.each([
    [{ replicas: 'three' }, 'replicas must be integer'],
    [{ minReadySecond: 1 }, "does not exist in type 'IDeploymentSpec'"],
  ])(
    'a mistake like %j is found',
    (mistake, found) => {
      const [, documents = []] = FILES.find(([file]) => file === 'rolling.yaml') ?? [];
      const wrong = documents.map((manifest) => ({ ...manifest, spec: { ...manifest.spec, ...mistake } }));
      expect(mistakesIn(wrong).join('\n')).toContain(found);
    },
    60_000,
  );

  it.each(DEPLOYMENTS)(
    '%s: its probes give a start, and a busy process, the time they need',
    (_, __, { spec }) => {
      const [{ env = [], startupProbe, livenessProbe, readinessProbe }] = spec.template.spec.containers;
      const hold = env.find(({ name }) => name === 'FLAMINGOCK_HOLD')?.value;
      expect(budget(startupProbe)).toBeGreaterThanOrEqual(hold === 'background' ? TIME.boot : LONGEST_START);
      expect(spec.progressDeadlineSeconds).toBeGreaterThan(LONGEST_START);
      expect(budget(livenessProbe)).toBeGreaterThanOrEqual(TIME.lease);
      expect(readinessProbe?.httpGet?.path).toBe('/health/ready');
      expect([startupProbe?.httpGet?.path, livenessProbe?.httpGet?.path]).toEqual([
        '/health/live',
        '/health/live',
      ]);
    },
  );

  it('the probe that ends pods passes the closed gate of the application on the page', () => {
    expect(PAGE).toContain("openPaths: ['/health/live'],");
  });

  it.each(WORKLOADS)('%s: the pods of a %s may finish and record what they do', (_, kind, { spec }) => {
    const { terminationGracePeriodSeconds, containers } = spec.template.spec;
    const leave = containers[0].lifecycle?.preStop?.sleep?.seconds ?? 0;
    if (kind === 'Deployment') expect(leave).toBeGreaterThanOrEqual(TIME.leave);
    const needed = leave + TIME.grace + TIME.stop + TIME.record;
    expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(needed);
  });

  it('a job has the time for all of its attempts, each of which waits for the lease of the one before', () => {
    const [[, , job] = []] = WORKLOADS.filter(([, kind]) => kind === 'Job');
    const { backoffLimit = 6, activeDeadlineSeconds } = job?.spec ?? {};
    const attempt = TIME.lease + TIME.run + TIME.stop + TIME.record + TIME.boot;
    // Kubernetes doubles its back-off each time, from 10 s up to 360 s.
    const pauses = Array.from({ length: backoffLimit }, (_, failed) => Math.min(10 * 2 ** failed, 360));
    const needed = (backoffLimit + 1) * attempt + pauses.reduce((sum, pause) => sum + pause, 0);
    expect(activeDeadlineSeconds).toBeGreaterThanOrEqual(needed);
    expect(PAGE).toMatch(
      new RegExp(`\\| \`activeDeadlineSeconds\` of a job +\\|.*\\| ${activeDeadlineSeconds} s +\\|`),
    );
    expect(job?.spec.template.spec.restartPolicy).toBe('Never');
  });

  it.each(FILES)('%s: each service finds pods', (_, documents) => {
    const pods = documents
      .filter(isWorkload)
      .map((manifest) => (manifest as unknown as Workload).spec.template.metadata.labels);
    const selectors = documents
      .filter(({ kind }) => kind === 'Service')
      .map(({ spec }) => (spec as { readonly selector: Readonly<Record<string, string>> }).selector);
    for (const selector of selectors) expect(pods).toContainEqual(expect.objectContaining(selector));
  });
});

import { dirname } from 'node:path';
import { findConfig } from '../../config/find-config.js';
import { moduleLoader } from '../../config/module-loader.js';
import type { Engine, Project } from '../../config/project.js';
import { type ReadConfig, readConfig } from '../../config/read-config.js';
import { TookTooLong, within } from '../../frame/deadline.js';
import type { Invocation } from '../../frame/frame.js';
import { span } from '../../terminal/time-text.js';
import { declaredChangeFindings } from './declared-changes.js';
import type { DoctorOptions } from './doctor-options.js';
import { failure, failures, type Finding, ok, unknown, warning } from './finding.js';
import { projectFindings } from './project-findings.js';
import { rightsFindings } from './rights.js';
import { storeFindings } from './store.js';
import { reachableFindings, targetFindings } from './targets.js';

/**
 * Looks at everything, in the order in which the one needs the other. What fails is a finding, and whatever does not need
 * it is looked at all the same.
 *
 * @param timeoutMs how long a check may take, in milliseconds
 */
export async function examine(
  invocation: Invocation<DoctorOptions>,
  timeoutMs: number,
): Promise<readonly Finding[]> {
  const examination = new Examination(invocation, timeoutMs);
  await examination.run();
  return examination.findings;
}

/** Neither changes nor an application: the ledger can be looked at and corrected, and nothing can be run. */
function isForDesk({ changes, application }: ReadConfig): boolean {
  return changes === undefined && application === undefined;
}

class Examination {
  readonly findings: Finding[] = [];
  readonly #invocation: Invocation<DoctorOptions>;
  readonly #timeoutMs: number;
  #secrets: () => readonly string[] = () => [];

  constructor(invocation: Invocation<DoctorOptions>, timeoutMs: number) {
    this.#invocation = invocation;
    this.#timeoutMs = timeoutMs;
  }

  async run(): Promise<void> {
    const { request } = this.#invocation;
    const config = request.app === undefined ? await this.#configuration() : undefined;
    await this.#check('packages', () =>
      projectFindings(config === undefined ? request.directory : dirname(config.file), config),
    );
    const environment = request.environment ?? request.variables['FLAMINGOCK_ENV'] ?? '';
    const project = await this.#project(config, environment);
    if (config !== undefined)
      await this.#check('changes', () => declaredChangeFindings(config, environment || 'none'));
    if (project === undefined) {
      this.#add(
        ['store', 'targets'].map((check) =>
          unknown(check, 'could not be looked at, because of what is said above'),
        ),
      );
      return;
    }
    const answers = await this.#check('store', async () => storeFindings(await project.desk()));
    if (config !== undefined && isForDesk(config)) {
      this.#add([unknown('targets', 'none is configured, and the desk needs none')]);
      return;
    }
    const engine = await this.#made<Engine>(
      request.app === undefined && config?.application !== undefined ? 'application' : 'targets',
      () => this.#invocation.engine(),
    );
    if (engine !== undefined) await this.#targets(project, engine, answers);
  }

  async #configuration(): Promise<ReadConfig | undefined> {
    const { request } = this.#invocation;
    return this.#made('configuration', async () => {
      const file = findConfig(request.directory, request.config);
      return readConfig(file, await moduleLoader(file));
    });
  }

  /** The environment is chosen, and known; and with `--app` the application is built. */
  async #project(config: ReadConfig | undefined, environment: string): Promise<Project | undefined> {
    const { project, request } = this.#invocation;
    const built = request.app !== undefined;
    if (config === undefined && !built) return undefined;
    if (config !== undefined && environment === '') {
      const known = Object.keys(config.environments).join(', ');
      this.#add([
        warning(
          'environment',
          'It is not said which one is meant.',
          `Add --environment <name>. Known: ${known}.`,
        ),
      ]);
      return undefined;
    }
    const opened = await this.#made(built ? 'application' : 'configuration', project);
    if (opened === undefined) return undefined;
    this.#secrets = () => opened.secrets;
    this.#add([built ? ok('application', 'could be built') : ok('configuration', 'could be read')]);
    return opened;
  }

  async #targets(project: Project, { options, flamingock }: Engine, storeAnswers: boolean): Promise<void> {
    const { targets, environment = '' } = options;
    if (Object.keys(targets).length === 0) this.#add([unknown('targets', 'none is configured')]);
    if (!storeAnswers) {
      // The ledger cannot be read, but the systems can still be asked whether they are there.
      for (const [name, target] of Object.entries(targets))
        await this.#check(`target ${name}`, () => reachableFindings(name, target, options));
      return;
    }
    await this.#check('rights', () => rightsFindings(options));
    await this.#check('targets', async () =>
      targetFindings(await (await project.desk()).targets(targets), targets, environment),
    );
    await this.#check('plan', async () => {
      const { problems } = await flamingock.plan();
      return problems.length === 0
        ? [ok('plan', 'a run would not be refused')]
        : problems.flatMap((problem) => failures('plan', problem));
    });
  }

  /** Whether the work came to an end. */
  async #check(check: string, work: () => Promise<readonly Finding[]>): Promise<boolean> {
    const found = await this.#made(check, work);
    this.#add(found ?? []);
    return found !== undefined;
  }

  /** What two checks come upon is one finding. */
  #add(found: readonly Finding[]): void {
    const known = new Set(this.findings.map(({ code, message }) => `${code ?? ''} ${message}`));
    this.findings.push(
      ...found.filter(({ code, message }) => code === undefined || !known.has(`${code} ${message}`)),
    );
  }

  /** What some work makes; `undefined` where it fails or takes too long, which is a finding then. */
  async #made<T>(check: string, work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await within(this.#timeoutMs, work);
    } catch (error) {
      this.#add(
        error instanceof TookTooLong
          ? [
              failure(
                check,
                `There was no answer within ${span(this.#timeoutMs)}.`,
                'Check that it is running and that it can be reached from here; a longer time is given by --timeout.',
              ),
            ]
          : failures(check, error, this.#secrets()),
      );
      return undefined;
    }
  }
}

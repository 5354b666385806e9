import { describe, expect, test } from '@jest/globals';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const APPLICATION = fileURLToPath(new URL('../test/application.ts', import.meta.url));

type Behaviour =
  | 'fails'
  | 'survives'
  | 'applies'
  | 'listens'
  | 'twice'
  | 'neighbour'
  | 'survives-neighbour'
  | 'patient-neighbour';

/** An application in a process of its own, with everything that it has written. */
class Application {
  output = '';
  readonly #process: ChildProcessWithoutNullStreams;

  constructor(behaviour: Behaviour) {
    const loader = ['--conditions=@flamingock/source', '--import', '@swc-node/register/esm-register'];
    this.#process = spawn(process.execPath, [...loader, APPLICATION, behaviour], {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], NO_COLOR: '1' },
    });
    for (const stream of [this.#process.stdout, this.#process.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        this.output += text;
      });
    }
  }

  signal(signal: NodeJS.Signals): void {
    this.#process.kill(signal);
  }

  /** Waits until a text was written. */
  async wrote(text: string): Promise<void> {
    while (!this.output.includes(text)) await once(this.#process.stdout, 'data');
  }

  async exited(): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
    const [code, signal] = (await once(this.#process, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal };
  }
}

describe('a process whose application is created', () => {
  test('exits with 1 after one report that a person can read', async () => {
    const application = new Application('fails');
    expect(await application.exited()).toEqual({ code: 1, signal: null });
    const { output } = application;
    expect(output.match(/FLG_CHANGE_FAILED/g)).toHaveLength(1);
    expect(output.match(/the flag service is closed today/g)).toHaveLength(1);
    expect(output.match(/Remove the cause and start again/g)).toHaveLength(1);
    expect(output).not.toMatch(/^ +at /m);
    expect(output).not.toContain('the application listens');
  });

  test('goes on as it likes with `abortOnError: false`, and nothing keeps it', async () => {
    const application = new Application('survives');
    expect(await application.exited()).toEqual({ code: 7, signal: null });
    expect(application.output).toContain('it was rejected with FLG_CHANGE_FAILED');
  });

  test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT'])(
    'finishes the current change on %s, starts no other, and ends by the signal',
    async (signal) => {
      const application = new Application('applies');
      const exited = application.exited();
      await application.wrote('the change has begun');
      application.signal(signal);
      await application.wrote(`${signal} received`);
      // As a terminal and npm both send it.
      application.signal(signal);
      expect(await exited).toEqual({ code: null, signal });
      expect(application.output).toContain('the change is over');
      expect(application.output).not.toContain('the second change has run');
    },
  );

  test('lets the change of each instance end on SIGTERM', async () => {
    const application = new Application('twice');
    const exited = application.exited();
    await application.wrote('the change has begun');
    application.signal('SIGTERM');
    expect(await exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(application.output).toContain('the change is over');
    expect(application.output).not.toContain('the second change has run');
  });

  test('leaves its end to a listener of its own', async () => {
    const application = new Application('listens');
    const exited = application.exited();
    await application.wrote('the change has begun');
    application.signal('SIGTERM');
    expect(await exited).toEqual({ code: 1, signal: null });
    expect(application.output.match(/heard it/g)).toHaveLength(1);
    expect(application.output).toContain('FLG_CLOSED');
  });

  test('ends at once when the run is over', async () => {
    const application = new Application('applies');
    const exited = application.exited();
    await application.wrote('the application listens');
    application.signal('SIGTERM');
    expect(await exited).toEqual({ code: null, signal: 'SIGTERM' });
    expect(application.output).not.toContain('received');
  });
});

describe('a provider that has nothing to do with the changes fails in the middle of one', () => {
  test('and Nest ends the process at once, with 1', async () => {
    const application = new Application('neighbour');
    expect(await application.exited()).toEqual({ code: 1, signal: null });
    expect(application.output).toContain('the mail server is closed today');
    expect(application.output).toContain('the change has begun');
    expect(application.output).not.toContain('the change is over');
  });

  test('and with `abortOnError: false` the run goes on while the process lives', async () => {
    const application = new Application('survives-neighbour');
    expect(await application.exited()).toEqual({ code: 7, signal: null });
    const { output } = application;
    const told = ['it was rejected with the mail server', 'the change is over', 'the second change has run'];
    const places = told.map((text) => output.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test('and fails after the run where it injects the engine', async () => {
    const application = new Application('patient-neighbour');
    expect(await application.exited()).toEqual({ code: 1, signal: null });
    expect(application.output).toContain('the second change has run');
    expect(application.output).toContain('the mail server is closed today');
  });
});

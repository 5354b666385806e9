import type { Command } from 'commander';
import type { Logger } from '@flamingock/core';
import type { Engine, Project, ProjectRequest } from '../config/project.js';
import { Output } from '../terminal/output.js';
import { isInteractive, type World } from '../terminal/terminal.js';
import { visibleText } from '../terminal/visible-text.js';
import { type Answer, jsonOf } from './answer.js';
import { EXIT, type ExitCode } from './exit-code.js';
import type { FailedCall } from './failure.js';
import { interruption } from './signals.js';

/** What every command can be given. */
export interface CommonOptions {
  readonly environment?: string;
  readonly config?: string;
  readonly app?: string;
  readonly json?: boolean;
  readonly color?: boolean;
  readonly verbose?: boolean;
}

/** What a command works with. */
export interface Invocation<O> {
  readonly options: O & CommonOptions;
  /** In the order in which the command declares them. */
  readonly arguments: readonly (string | undefined)[];
  readonly output: Output;
  /** Whether questions can be asked: never with `--json`, and never where no person sits at a terminal. */
  readonly interactive: boolean;
  readonly request: ProjectRequest;
  /** Opened at the first call, closed when the command ends. */
  readonly project: () => Promise<Project>;
  /** The project's engine; signals are passed on to it. */
  readonly engine: () => Promise<Engine>;
}

/** What runs commands: made once for each call of the binary. */
export class Frame {
  exit: ExitCode = EXIT.DONE;
  readonly #world: World;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * What commander calls for a command: opens what the command asks for, prints its answer, and closes everything.
   *
   * @param logger where the engine tells of itself; default: plain lines on stderr
   */
  action<O extends object>(
    name: string,
    work: (invocation: Invocation<O>) => Promise<Answer | undefined>,
    logger: (output: Output) => Logger = lines,
  ): (...given: unknown[]) => Promise<void> {
    return async (...given) => {
      const command = given.at(-1) as Command;
      const options = command.optsWithGlobals<O & CommonOptions>();
      const { json = false, color = true } = options;
      const output = new Output(this.#world, { json, colour: color });
      const opened = this.#invocation(options, given.slice(0, -2), output, logger(output));
      try {
        const answer = await work(opened.invocation);
        if (answer !== undefined) await print(output, name, answer);
        this.exit = answer?.exit ?? EXIT.DONE;
      } catch (error) {
        const { tellFailure } = await import('./failure.js');
        this.exit = opened.signalled() ?? EXIT.DONE;
        const code = tellFailure(output, error, await opened.call());
        if (this.exit === EXIT.DONE) this.exit = code;
      } finally {
        await opened.close();
      }
    };
  }

  #invocation<O extends object>(
    options: O & CommonOptions,
    given: readonly unknown[],
    output: Output,
    logger: Logger,
  ): {
    invocation: Invocation<O>;
    signalled: () => ExitCode | undefined;
    call: () => Promise<FailedCall>;
    close: () => Promise<void>;
  } {
    const { directory, variables } = this.#world;
    const { environment, config, app } = options;
    const request = { environment, config, app, directory, variables, logger };
    const signals = interruption((line) => {
      output.note(line);
    });
    let project: Promise<Project> | undefined;
    const open = (): Promise<Project> =>
      (project ??= import('../config/open-project.js').then(({ openProject }) => openProject(request)));
    return {
      invocation: {
        options,
        arguments: given as readonly (string | undefined)[],
        output,
        interactive: !output.json && isInteractive(this.#world),
        request,
        project: open,
        engine: async () => {
          const engine = await (await open()).engine();
          signals.guard(engine.flamingock);
          return engine;
        },
      },
      signalled: () => signals.exit,
      call: async () => ({
        environment: environment ?? variables['FLAMINGOCK_ENV'],
        verbose: options.verbose === true,
        secrets:
          (await project?.then(
            ({ secrets }) => secrets,
            () => [],
          )) ?? [],
      }),
      close: async () => {
        signals.end();
        await project?.then(
          (opened) => opened.close(),
          () => undefined,
        );
      },
    };
  }
}

async function print(output: Output, name: string, answer: Answer): Promise<void> {
  if (output.json) output.data(JSON.stringify(jsonOf(name, answer), undefined, 2));
  else {
    const screen = await answer.screen(output.colours);
    if (screen !== '') output.data(visibleText(screen));
  }
}

function lines(output: Output): Logger {
  const line =
    (colour: (text: string) => string) =>
    (message: string): void => {
      output.note(colour(message));
    };
  const { yellow, red } = output.noteColours;
  return { info: line(String), warn: line(yellow), error: line(red) };
}

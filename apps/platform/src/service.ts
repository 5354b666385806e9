import { accessSync, constants, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AvailabilitySwitch, type Mode } from './availability-switch.js';
import { PlatformError, systemErrorCode } from './errors.js';
import { createJsonServer } from './http/json-server.js';
import { Listener } from './http/listener.js';
import type { Problem, Reply } from './http/problem.js';
import type { ReceivedRequest } from './http/received-request.js';
import type { Router } from './http/router.js';
import { JsonStore } from './json-store.js';
import { RequestLog, type LoggedRequest } from './request-log.js';

/** What a handler decides: the answer, and the new state where it changes. */
export interface Outcome<State> extends Reply {
  readonly state?: State;
}

/** A service as data. Handlers are pure: they are given the state, and neither keep nor change it. */
export interface ServiceDefinition<State> {
  readonly seed: State;
  readonly router: Router<State, Outcome<State>>;
  /** How the service tells errors. Default: as `application/problem+json`. */
  readonly renderProblem?: (problem: Problem) => Reply;
}

export interface Service {
  readonly url: string;
  readonly mode: Mode;
  switchTo(mode: Mode): Promise<void>;
  requests(since?: number): LoggedRequest[];
  /** Goes back to the seed. The request log stays: it tells what happened. */
  reset(): void;
}

export interface ServiceOptions {
  readonly name: string;
  readonly port: number;
  /** Where the service keeps its state and its request log; made where it is missing. */
  readonly directory: string;
}

/**
 * Makes a service of its definition, on its state of last time or on its seed. It is `refusing` until it is
 * switched to another mode.
 *
 * Throws `PLATFORM_DATA_UNUSABLE` or `PLATFORM_STATE_UNREADABLE`.
 */
export function createService<State>(
  definition: ServiceDefinition<State>,
  { name, port, directory }: ServiceOptions,
): Service {
  makeDirectory(directory);
  const store = new JsonStore(join(directory, 'state.json'), definition.seed);
  const log = new RequestLog(join(directory, 'requests.ndjson'));

  function execute(request: ReceivedRequest): Reply {
    const { state, ...reply } = definition.router.dispatch(store.value, request);
    if (state !== undefined && state !== store.value) store.replace(state);
    return reply;
  }

  const server = createJsonServer({
    ...definition,
    answer: (request) => availability.refusal() ?? execute(request),
    record: (request, status) => {
      log.append(request, status);
    },
  });
  const listener = new Listener(server, port, `the ${name} service`);
  const availability = new AvailabilitySwitch(listener);

  return {
    get url() {
      return listener.url;
    },
    get mode() {
      return availability.mode;
    },
    switchTo: (mode) => availability.to(mode),
    requests: (since) => log.entries(since),
    reset: () => {
      store.reset();
    },
  };
}

function makeDirectory(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw new PlatformError(
      'PLATFORM_DATA_UNUSABLE',
      `The folder ${directory} cannot be written (${systemErrorCode(error)}).`,
      'Let PLATFORM_DATA name a folder that may be written.',
    );
  }
}

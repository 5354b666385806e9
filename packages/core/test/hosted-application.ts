import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { defineChange, memoryAuditStore, NotApplied, target } from '../src/index.js';
import { createHosted, type HostingOptions } from '../src/hosting/index.js';

/** What an application in a process of its own does; see {@link HostedBehaviour}. */
export interface HostedBehaviour extends Pick<HostingOptions, 'hold'> {
  /** `waits`: the first of two changes waits for a line on standard input. */
  readonly change: 'waits' | 'fails';
  readonly onFailure?: 'exit' | 'stay' | 'throws';
  /** Whether the application listens to SIGTERM itself, and then ends after a while with code 3. */
  readonly listens?: 'always' | 'once';
  /** Whether the first change is the only one. */
  readonly single?: boolean;
  /** Two engines that start at the same time; default 1. */
  readonly engines?: 1 | 2;
  /** As the first process of a container. */
  readonly first?: boolean;
}

const behaviour = JSON.parse(process.argv[2] ?? '{}') as HostedBehaviour;
const engines = behaviour.engines ?? 1;

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const SECOND = defineChange({
  id: 'second',
  name: '_0002__Second',
  targetSystem: 'flags',
  apply: () => say('the second change has run'),
});

if (behaviour.first === true) Object.defineProperty(process, 'pid', { value: 1 });
if (behaviour.listens !== undefined) {
  process[behaviour.listens === 'once' ? 'once' : 'on']('SIGTERM', () => {
    say('heard it');
    void pause(1000).then(() => {
      say('ends by itself');
      process.exit(3);
    });
  });
}

const hosted = Array.from({ length: engines }, (_, index) =>
  createHosted(
    {
      service: `orders-${index}`,
      environment: 'test',
      auditStore: memoryAuditStore(),
      targets: { flags: target({ clients: [] }) },
      changes: [
        defineChange({
          id: 'first',
          name: '_0001__First',
          targetSystem: 'flags',
          async apply() {
            if (behaviour.change === 'fails') throw new NotApplied('closed today');
            say('the change has begun');
            await once(process.stdin, 'data');
            // The second engine's change takes longer.
            await pause(index * 300);
            say('the change is over');
          },
        }),
        ...(behaviour.single === true ? [] : [SECOND]),
      ],
      ...(behaviour.hold === undefined ? {} : { hold: behaviour.hold }),
      ...(behaviour.onFailure === undefined
        ? {}
        : {
            onFailure:
              behaviour.onFailure === 'throws'
                ? async () => {
                    throw new Error('nobody answers the pager');
                  }
                : behaviour.onFailure,
          }),
    },
    'createHosted()',
  ),
);

try {
  await Promise.all(hosted.map((one) => one.start()));
  say('it goes on');
  // As a server would.
  setInterval(() => say(`state: ${hosted.map((one) => one.flamingock.readiness().state).join()}`), 50);
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
  process.stdin.unref();
}

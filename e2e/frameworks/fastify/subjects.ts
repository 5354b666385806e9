import { fileURLToPath } from 'node:url';
import type { FrameworkSubject } from '../harness/subject.js';

const command = [fileURLToPath(new URL('application.mjs', import.meta.url))];

export const subjects: readonly FrameworkSubject[] = [
  {
    name: 'Fastify 5, block',
    hold: 'block',
    command,
    lacks: { gate: 'the port is closed meanwhile', heldRequests: 'the port is closed meanwhile' },
  },
  {
    name: 'Fastify 5, background',
    hold: 'background',
    command,
    lacks: { closedPort: 'requests are refused meanwhile', heldRequests: 'requests are refused meanwhile' },
  },
];

import { fileURLToPath } from 'node:url';
import type { FrameworkSubject } from '../harness/subject.js';

const command = [fileURLToPath(new URL('application.mjs', import.meta.url))];

/** The three ways to hold traffic, on Node's own server. */
export const subjects: readonly FrameworkSubject[] = [
  {
    name: 'node:http, block',
    hold: 'block',
    command,
    lacks: { gate: 'the port is closed meanwhile', heldRequests: 'the port is closed meanwhile' },
  },
  {
    name: 'node:http, background',
    hold: 'background',
    command,
    lacks: { closedPort: 'requests are refused meanwhile', heldRequests: 'requests are refused meanwhile' },
  },
  {
    name: 'node:http, open and silent',
    hold: 'block',
    command,
    environment: { HELD: '1' },
    lacks: { gate: 'requests are held meanwhile', closedPort: 'requests are held meanwhile' },
  },
];

import { fileURLToPath } from 'node:url';
import type { FrameworkSubject } from '../harness/subject.js';

const command = [fileURLToPath(new URL('application.mjs', import.meta.url))];
const MAJORS = [
  ['4', 'express-4'],
  ['5', 'express'],
] as const;

/** Both majors, in both ways to hold traffic. */
export const subjects: readonly FrameworkSubject[] = MAJORS.flatMap(([MAJOR, EXPRESS]) => [
  {
    name: `Express ${MAJOR}, block`,
    hold: 'block',
    command,
    environment: { MAJOR, EXPRESS },
    lacks: { gate: 'the port is closed meanwhile', heldRequests: 'the port is closed meanwhile' },
  },
  {
    name: `Express ${MAJOR}, background`,
    hold: 'background',
    command,
    environment: { MAJOR, EXPRESS },
    lacks: { closedPort: 'requests are refused meanwhile', heldRequests: 'requests are refused meanwhile' },
  },
]);

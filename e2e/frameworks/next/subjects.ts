import type { FrameworkSubject } from '../harness/subject.js';
import { buildNext, nextApplication } from './build.mjs';

const closing = 'the server of Next.js has no way to close itself';

/** Next.js 15 ends with 0 on a signal, Next.js 16 as the signal would have ended it. */
const MAJORS = [
  { major: 15, ends: 0 },
  { major: 16, ends: 143 },
] as const;

export const subjects: readonly FrameworkSubject[] = MAJORS.flatMap(({ major, ends }): FrameworkSubject[] => {
  const common = {
    command: nextApplication(major).start,
    environment: { NEXT_TELEMETRY_DISABLED: '1' },
    prepare: () => buildNext(major),
    endsWith: ends,
    drainsWith: ends,
  };
  return [
    {
      ...common,
      name: `Next.js ${major}, block`,
      hold: 'block',
      lacks: {
        gate: 'requests are held meanwhile',
        closedPort: 'requests are held meanwhile',
        closing,
      },
    },
    {
      ...common,
      name: `Next.js ${major}, background`,
      hold: 'background',
      lacks: {
        closedPort: 'requests are refused meanwhile',
        heldRequests: 'requests are refused meanwhile',
        closing,
      },
    },
  ];
});

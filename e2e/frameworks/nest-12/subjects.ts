import type { FrameworkSubject } from '../harness/subject.js';
import { build, BUILT } from './build.js';

const CLOSED = 'the port is closed meanwhile';
const NO_HTTP = 'it has no HTTP listener';

function nest(
  name: string,
  environment: Readonly<Record<string, string>>,
  lacks: FrameworkSubject['lacks'] = {},
): FrameworkSubject {
  return {
    name: `NestJS 12, ${name}`,
    hold: 'block',
    command: [BUILT],
    environment,
    prepare: build,
    lacks: { gate: CLOSED, heldRequests: CLOSED, ...lacks },
  };
}

/** Every form of an application, on both adapters where it has one. */
export const subjects: readonly FrameworkSubject[] = [
  nest('HTTP on Express', { FORM: 'http', ADAPTER: 'express' }),
  nest('HTTP on Fastify', { FORM: 'http', ADAPTER: 'fastify' }),
  nest('hybrid on Express', { FORM: 'hybrid', ADAPTER: 'express' }),
  nest('hybrid on Fastify', { FORM: 'hybrid', ADAPTER: 'fastify' }),
  nest('microservice', { FORM: 'microservice' }, { http: NO_HTTP }),
  nest('application context', { FORM: 'context' }, { http: NO_HTTP }),
];

import { expressLines, fastifyLines, nestLines, nextLines, plainLines } from './application-lines.js';
import type { Framework } from './plan.js';

const PLAIN: Framework = {
  id: 'none',
  title: 'none of them',
  recognisedBy: undefined,
  package: undefined,
  lines: plainLines,
};

/** Every framework that `flamingock init` knows. What brings another one along comes first. */
export const FRAMEWORKS: readonly Framework[] = [
  {
    id: 'nestjs',
    title: 'NestJS',
    recognisedBy: '@nestjs/core',
    package: '@flamingock/nestjs',
    lines: nestLines,
  },
  { id: 'next', title: 'Next.js', recognisedBy: 'next', package: '@flamingock/next', lines: nextLines },
  {
    id: 'fastify',
    title: 'Fastify',
    recognisedBy: 'fastify',
    package: '@flamingock/fastify',
    lines: fastifyLines,
  },
  {
    id: 'express',
    title: 'Express',
    recognisedBy: 'express',
    package: '@flamingock/express',
    lines: expressLines,
  },
  PLAIN,
];

/** What the packages of a project fit; never empty. NestJS and Next.js are built on others, which are not meant then. */
export function recognisedFrameworks(dependencies: Readonly<Record<string, string>>): readonly Framework[] {
  const found = FRAMEWORKS.filter(
    ({ recognisedBy }) => recognisedBy !== undefined && recognisedBy in dependencies,
  );
  const whole = found.find(({ id }) => id === 'nestjs' || id === 'next');
  return whole === undefined ? (found.length === 0 ? [PLAIN] : found) : [whole];
}

import { expressLines, fastifyLines, nestLines, nextLines, plainLines } from './application-lines.js';
import type { InitPlan } from './plan.js';

/** Lines that somebody adds to the application. */
export interface ApplicationLines {
  /** Which file, or which place. */
  readonly where: string;
  readonly lines: string;
}

/** What an application is built with. */
export interface Framework {
  /** What `--framework` says. */
  readonly id: string;
  readonly title: string;
  /** The package by which it is recognised. */
  readonly recognisedBy: string | undefined;
  /** The package that puts the run into its start. */
  readonly package: string | undefined;
  readonly lines: (plan: InitPlan) => readonly ApplicationLines[];
}

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

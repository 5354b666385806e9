import { inspect } from 'node:util';
import { FlamingockError } from '@flamingock/core';
import type { ModulesContainer } from '@nestjs/core';
import type { NestModule } from './container/module-graph.js';
import { FLAMINGOCK_INSTANCE } from './flamingock.constants.js';

/** What was said of an instance beside the options of its engine. */
export interface InstanceDeclaration {
  readonly name: string | undefined;
  /** What it was made by, for messages: `FlamingockModule.forRoot()`. */
  readonly where: string;
  /** What is wrong with it; told when the application is created, with everything else that is wrong. */
  readonly problems: readonly FlamingockError[];
}

/** The modules that hold the engine of an instance: one, unless it was declared several times. */
export function instancesNamed(modules: ModulesContainer, name: string | undefined): readonly NestModule[] {
  return [...modules.values()].filter(({ providers }) => {
    const declaration = providers.get(FLAMINGOCK_INSTANCE)?.instance as InstanceDeclaration | undefined;
    return declaration !== undefined && declaration.name === name;
  });
}

/** The instance that is meant: one whose name is none is told of when it is made, so it takes nobody else's place. */
export function declaredName(name: unknown): string | undefined {
  return name === undefined || typeof name === 'string' ? name : inspect(name);
}

/** `FLG_OPTION_INVALID` for a name under which no instance can be known. */
export function nameProblems(name: unknown, where: string): readonly FlamingockError[] {
  if (name === undefined || (typeof name === 'string' && name.trim() !== '')) return [];
  return [
    new FlamingockError({
      code: 'FLG_OPTION_INVALID',
      message: `${where}: name must be a text that is not empty.`,
      hint: 'Leave it out for the instance without a name.',
    }),
  ];
}

/** `FLG_OPTION_INVALID` where two instances of one application cannot be told apart. */
export function sharedName(modules: ModulesContainer, name: string | undefined): readonly FlamingockError[] {
  if (instancesNamed(modules, name).length < 2) return [];
  return [
    new FlamingockError({
      code: 'FLG_OPTION_INVALID',
      message:
        name === undefined
          ? 'FlamingockModule.forRoot() or forRootAsync() is imported several times without a name.'
          : `FlamingockModule.forRoot() or forRootAsync() is imported several times with the name '${name}'.`,
      hint: 'Import it once, in the root module; give each further instance a name of its own; let feature modules contribute their changes with forFeature().',
    }),
  ];
}

/** The instance as a person reads it in a message. */
export function instanceName(name: string | undefined): string {
  return name === undefined ? 'the instance without a name' : `the instance '${name}'`;
}

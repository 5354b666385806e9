/**
 * What a configuration of the command line is written with.
 *
 * @packageDocumentation
 */
export { defineConfig } from './config/config.js';
export type { CommandLineConfig, ConfigContext, EnvironmentConfig } from './config/config.js';

#!/usr/bin/env node
import * as module from 'node:module';
import { main } from '@flamingock/cli/main';

// Compiling what is loaded is most of what a short command costs; Node keeps the result from 22.8 on.
const { enableCompileCache } = /** @type {{ enableCompileCache?: () => unknown }} */ (module);
enableCompileCache?.();
process.exitCode = await main(process.argv.slice(2));
// Everything was closed that can be. A connection to a system that is silent must not keep the process.
setTimeout(() => process.exit(), 1000).unref();

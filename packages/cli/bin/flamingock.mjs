#!/usr/bin/env node
import * as module from 'node:module';

// Compiling what is loaded is most of what a short command costs; Node keeps the result from 22.8 on.
module.enableCompileCache?.();
const { main } = await import('@flamingock/cli/main');
process.exitCode = await main(process.argv.slice(2));

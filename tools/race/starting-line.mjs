import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

/**
 * Loaded into each process of a heat before its program (`node --import`): loads the application, the file
 * `STARTING_LOADS` beside the program, which takes long where many do it, says so, and lets the program begin when the
 * file `STARTING_GUN` is there. So they all begin at once, and not one after the other as their modules are loaded.
 */
const { STARTING_GUN: gun = '', STARTING_LOADS: application = '' } = process.env;
const [, program = ''] = process.argv;

await import(new URL(application, pathToFileURL(program)).href);
console.log('at the line');
while (!existsSync(gun)) await pause(20);

import { Command } from 'commander';
import type { Frame } from '../frame/frame.js';
import { redoCommand } from './dev/redo.js';
import { resetCommand } from './dev/reset.js';

/** `flamingock dev`: what is for environments that may be thrown away, and refused in all others. */
export function devCommand(frame: Frame): Command {
  return new Command('dev')
    .description('for environments that may be thrown away (disposable: true): redo a change, begin anew')
    .addCommand(redoCommand(frame))
    .addCommand(resetCommand(frame));
}

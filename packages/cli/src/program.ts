import { Command } from 'commander';
import { applyCommand } from './commands/apply.js';
import { auditCommand } from './commands/audit.js';
import { doctorCommand } from './commands/doctor.js';
import { initCommand } from './commands/init.js';
import { checkCommand } from './commands/check.js';
import { devCommand } from './commands/dev.js';
import { diffCommand } from './commands/diff.js';
import { issueCommand } from './commands/issue.js';
import { lockCommand } from './commands/lock.js';
import { newCommand } from './commands/new.js';
import { planCommand } from './commands/plan.js';
import { statusCommand } from './commands/status.js';
import { targetCommand } from './commands/target.js';
import { undoCommand } from './commands/undo.js';
import { verifyCommand } from './commands/verify.js';
import type { Frame } from './frame/frame.js';
import type { World } from './terminal/terminal.js';

/** Every command, in the order in which `--help` shows them. To add one, write its file and name it here. */
const COMMANDS: readonly ((frame: Frame) => Command)[] = [
  initCommand,
  newCommand,
  checkCommand,
  planCommand,
  applyCommand,
  statusCommand,
  auditCommand,
  issueCommand,
  undoCommand,
  verifyCommand,
  diffCommand,
  lockCommand,
  targetCommand,
  doctorCommand,
  devCommand,
];

const EXIT_CODES = `
Exit codes:
  0 done   1 a defect of ours   2 could not do it (usage, unreachable store)   3 declined
  4 changes pending   5 changes failed or unproven   6 drift, or a broken ledger   7 lock not obtained
  130, 143 ended by a signal`;

/** The whole command line. Nothing but this is loaded for `--help`. */
export function program(frame: Frame, { stdout, stderr }: World): Command {
  const root = new Command('flamingock')
    .description('Applies changes outside of start-up, and shows and resolves what became of them.')
    .option('-e, --environment <name>', 'the environment that is meant (default: FLAMINGOCK_ENV)')
    .option('-c, --config <file>', 'the configuration (default: flamingock.config.* here or above)')
    .option('--app <module>', 'build this application in place of a configuration')
    .option('--json', 'print one JSON object to stdout')
    .option('--verbose', 'where something failed, tell where it was thrown, too')
    .option('--no-color', 'no colours; also with NO_COLOR')
    .addHelpText('after', EXIT_CODES);
  for (const command of COMMANDS) root.addCommand(command(frame));
  for (const command of [root, ...root.commands, ...root.commands.flatMap(({ commands }) => commands)])
    command
      .exitOverride()
      .showSuggestionAfterError()
      .configureOutput({
        writeOut: (text) => {
          stdout.write(text);
        },
        writeErr: (text) => {
          if (isHelp(text)) stderr.write(text);
        },
      });
  return root;
}

/** An error is told once, by whoever runs the program. */
function isHelp(text: string): boolean {
  return !text.startsWith('error: ') && !text.startsWith('(Did you mean');
}

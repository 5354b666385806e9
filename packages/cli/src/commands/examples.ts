/** What stands below the options of a command's `--help`. */
export function examples(...lines: readonly (readonly [command: string, what: string])[]): string {
  const width = Math.max(...lines.map(([command]) => command.length));
  return `\nExamples:\n${lines.map(([command, what]) => `  flamingock ${command.padEnd(width)}  # ${what}`).join('\n')}`;
}

import type { Answer } from '../../frame/answer.js';
import { EXIT } from '../../frame/exit-code.js';
import type { Colours } from '../../terminal/output.js';
import type { Finding, Severity } from './finding.js';

const SEVERITIES: readonly Severity[] = ['error', 'warning', 'unknown', 'ok'];

/** All findings together; what is wrong ends with 2, a warning does not. */
export function doctorAnswer(findings: readonly Finding[]): Answer {
  const count = (severity: Severity): number =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    data: {
      counts: Object.fromEntries(SEVERITIES.map((severity) => [severity, count(severity)])),
      findings,
    },
    screen: (colours) =>
      [
        ...findings.map((finding) => lineOf(finding, colours)),
        '',
        summary(count('error'), count('warning'), colours),
      ].join('\n'),
    exit: count('error') === 0 ? EXIT.DONE : EXIT.COULD_NOT,
  };
}

function lineOf({ check, severity, code, message, fix }: Finding, colours: Colours): string {
  const { green, yellow, red, dim } = colours;
  const mark = { ok: green('✔'), warning: yellow('!'), error: red('✘'), unknown: dim('–') }[severity];
  const what = `${check.padEnd(14)}  ${code === undefined ? '' : `${code}: `}${message}`;
  return `${mark} ${what.replaceAll('\n', '\n    ')}${fix === undefined ? '' : `\n    ${dim('->')} ${fix.replaceAll('\n', '\n       ')}`}`;
}

function summary(errors: number, warnings: number, { green, yellow, red }: Colours): string {
  const counted = (many: number, what: string): string => `${many} ${what}${many === 1 ? '' : 's'}`;
  if (errors > 0) return red(`${counted(errors, 'error')}, ${counted(warnings, 'warning')}`);
  return warnings > 0 ? yellow(counted(warnings, 'warning')) : green('nothing is wrong');
}

import { Sandbox } from '../../e2e/harness/sandbox.mjs';
import { CLAIMS } from './claims.mjs';
import { playStory } from './story.mjs';

/**
 * `npm run story`: plays the failure of the worked example, tells it, and holds what was seen against every claim.
 * Exits with 1 when one of them is not met.
 */
const sandbox = await Sandbox.open();
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.once(signal, () => process.exit(signal === 'SIGINT' ? 130 : 143));
}

try {
  const facts = await playStory(sandbox, 'unavailable', {
    scene: (text) => {
      console.log(`\n## ${text}\n`);
    },
    quote: (title, lines) => {
      console.log([`[${title}]`, ...lines.map((line) => `  ${line}`), ''].join('\n'));
    },
  });

  console.log('\n## What was claimed, held against what was seen\n');
  for (const { text, holds } of CLAIMS) {
    const met = holds(facts);
    console.log(`${met ? '✔' : '✘'} ${text}`);
    if (!met) process.exitCode = 1;
  }
} finally {
  await sandbox.close();
}

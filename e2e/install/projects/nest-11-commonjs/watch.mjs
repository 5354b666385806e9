import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';

/** `nest start --watch`, in which a change is written that the restart applies; it ends when that is seen. */
const nest = spawn(process.execPath, ['node_modules/@nestjs/cli/bin/nest.js', 'start', '--watch'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let output = '';
nest.stdout.setEncoding('utf8').on('data', (text) => (output += text));

async function written(text) {
  while (!output.includes(text)) await once(nest.stdout, 'data');
}

await written('[{"id":1,"payment_method":"CARD"}]');
await writeFile(
  'src/changes/_0002__EnterOrder.ts',
  `import { Apply, Change, TargetSystem } from '@flamingock/core';
import { EntityManager } from 'typeorm';

@Change({ id: 'enter-order' })
@TargetSystem('orders-db')
export class _0002__EnterOrder {
  @Apply()
  async apply(manager: EntityManager): Promise<void> {
    await manager.query("INSERT INTO orders (payment_method) VALUES ('CASH')");
  }
}
`,
);
await written('{"id":2,"payment_method":"CASH"}');
nest.kill('SIGINT');
await once(nest, 'close');
console.log(output);

import { readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { type AuditStore, type Flamingock, memoryAuditStore } from '@flamingock/core';
import { describeWith } from '../tools/services/describe-with.mjs';
import { type Nginx as Server, nginx, startNginx } from '../tools/services/nginx.mjs';
import { allowPaymentMethod, Nginx, nginxTarget } from './fixtures/nginx-recipe.js';
import { outcomesIn } from './harness/ledger.js';
import { expectShown, serviceWith } from './harness/recipe.js';

const site = (port: number | string, revision: string): string =>
  `server { listen 127.0.0.1:${port}; location = /revision { return 200 '${revision}'; } }\n`;

const describeWithNginx = await describeWith(nginx);

describeWithNginx('The recipe for nginx', () => {
  let server: Server;
  let store: AuditStore;
  beforeEach(async () => {
    server = await startNginx((port) => site(port, '1'));
    store = memoryAuditStore();
  });
  afterEach(() => server.stop());

  const wanted = (): string => site(new URL(server.url).port, '2');
  const revision = async (): Promise<string> => (await fetch(`${server.url}/revision`)).text();

  function service(text: string, control = server.control): Flamingock {
    const client = new Nginx(server.url, server.configuration, control);
    return serviceWith(store, 'nginx', nginxTarget(client), allowPaymentMethod(text));
  }

  it('is on its page as it is tested', () => expectShown('nginx.md', 'nginx-recipe.ts'));

  it('changes what the running nginx answers, and sees when somebody takes it back', async () => {
    await service(wanted()).run();
    await expect(service(wanted()).verify()).resolves.toMatchObject({ ok: true });
    expect(await revision()).toBe('2');

    await writeFile(join(server.configuration, 'site.conf'), site(new URL(server.url).port, '1'));
    const [program = '', ...args] = server.control;
    await promisify(execFile)(program, [...args, '-s', 'reload']);
    await expect(new Nginx(server.url, '').answers('/revision', '1')).resolves.toBe(true);
    await expect(service(wanted()).verify()).resolves.toMatchObject({ ok: false });
  });

  it('leaves nginx as it was where it refuses the file, and goes on with a corrected one', async () => {
    await expect(service('server { listen nowhere').run()).rejects.toMatchObject({
      code: 'FLG_CHANGE_FAILED',
    });
    expect(await revision()).toBe('1');
    await service(wanted()).run();
    expect(await outcomesIn(store)).toEqual([
      'allow-payment-method FAILED rejected',
      'allow-payment-method APPLIED none',
    ]);
  });

  it('leaves a site alone that it cannot read, because it could not put it back', async () => {
    const file = join(server.configuration, 'site.conf');
    await rm(file);
    await symlink('site.conf', file);
    await expect(service(wanted()).run()).rejects.toMatchObject({ code: 'FLG_CHANGE_FAILED' });
    expect(await readlink(file)).toBe('site.conf');
  });

  it('puts a site back byte by byte, and takes one away that was not there', async () => {
    const client = new Nginx(server.url, server.configuration, server.control);
    const file = join(server.configuration, 'site.conf');
    const before = Buffer.concat([Buffer.from('# caf'), Buffer.from([0xe9, 0x0a]), await readFile(file)]);
    await writeFile(file, before);
    for (const name of ['site.conf', 'new.conf'])
      await expect(client.configure(name, 'server { listen nowhere')).rejects.toThrow('nginx refuses');
    expect(await readFile(file)).toEqual(before);
    expect(await readdir(server.configuration)).toEqual(['site.conf']);
  });

  it('needs no person where the command failed after nginx had done it', async () => {
    const [program = '', ...args] = server.control;
    const failing = ['sh', '-c', '"$@" && case "$*" in *reload) exit 1; esac', 'sh', program, ...args];
    await service(wanted(), failing).run();
    expect(await outcomesIn(store)).toEqual(['allow-payment-method APPLIED verify']);
  });
});

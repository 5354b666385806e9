import { expect, test } from '@jest/globals';
import { deadAddress } from '../../../test/http-system.js';
import { defineChange } from '../../change/define-change.js';
import type { Token } from '../../change/token.js';
import { createFlamingock } from '../../create-flamingock.js';
import { memoryAuditStore } from '../../memory/memory-store.js';
import { HttpClient } from './http-client.js';
import { httpTarget } from './http-target.js';

class FlagClient {}

/** What becomes of a change that is given these clients, and sends a request to a port at which nobody listens. */
async function outcomeWith(others: Readonly<Record<string, Token>>, effectFree: readonly Token[] = []) {
  const change = defineChange({
    id: 'calls',
    name: '_0001__Calls',
    targetSystem: 'gateway',
    inject: { http: HttpClient, ...others },
    apply: ({ http }) => http.post('/routes', {}),
  });
  const flamingock = createFlamingock({
    service: 'orders',
    environment: 'test',
    auditStore: memoryAuditStore(),
    targets: { gateway: httpTarget({ baseUrl: await deadAddress() }) },
    dependencies: [{ token: FlagClient, value: new FlagClient() }],
    effectFree,
    changes: [change],
    logger: false,
  });
  return flamingock.run().catch((error: unknown) => error);
}

test('a change whose requests were not sent, and that was given no other client, has had no effect', async () => {
  expect(await outcomeWith({})).toMatchObject({ code: 'FLG_CHANGE_FAILED' });
});

test('one that was given a client which its target does not see may have acted by that', async () => {
  expect(await outcomeWith({ flags: FlagClient })).toMatchObject({ code: 'FLG_ISSUE_OPEN' });
});

test('unless the application says that this one has no effects', async () => {
  expect(await outcomeWith({ flags: FlagClient }, [FlagClient])).toMatchObject({ code: 'FLG_CHANGE_FAILED' });
});

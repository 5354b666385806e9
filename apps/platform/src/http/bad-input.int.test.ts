import { expect, test } from '@jest/globals';
import { usePlatform } from '../../test/use-platform.js';
import { BODY_LIMIT } from './received-request.js';

const platform = usePlatform();

const FIELDS = '/contracts/order-response/fields';
/** All right but for one byte. */
const MALFORMED_UTF8 = Uint8Array.from(
  Buffer.from('{"name":"note","type":"string","enum":["\xff"]}', 'latin1'),
);
const FIELD = JSON.stringify({ name: 'note', type: 'string' });

function send(
  method: string,
  path: string,
  body?: string | Uint8Array<ArrayBuffer>,
  type = 'application/json',
) {
  return fetch(platform.urls.contracts + path, {
    method,
    ...(body === undefined ? {} : { body, headers: { 'content-type': type } }),
  });
}

test.each([
  { what: 'an unknown path', status: 404, request: ['GET', '/contract'] },
  { what: 'a path with an empty name', status: 404, request: ['GET', '/contracts/'] },
  { what: 'an unknown method', status: 405, request: ['PATCH', FIELDS] },
  { what: 'a malformed percent-encoding', status: 400, request: ['GET', '/contracts/%E0%A4%A'] },
  { what: 'a missing body', status: 400, request: ['POST', FIELDS] },
  { what: 'malformed JSON', status: 400, request: ['POST', FIELDS, '{"name":'] },
  { what: 'a body that is not an object', status: 400, request: ['POST', FIELDS, '[]'] },
  { what: 'malformed UTF-8', status: 400, request: ['POST', FIELDS, MALFORMED_UTF8] },
  { what: 'an unknown key', status: 400, request: ['POST', FIELDS, '{"nam":"note"}'] },
  { what: 'another media type', status: 415, request: ['POST', FIELDS, FIELD, 'text/json'] },
  { what: 'a body above the limit', status: 413, request: ['POST', FIELDS, `"${'x'.repeat(BODY_LIMIT)}"`] },
] as const)('$what is a $status with a reason, and changes nothing', async ({ status, request }) => {
  const [method, path, body, type] = request;
  const answer = await send(method, path, body, type);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect(await answer.json()).toMatchObject({
    type: 'about:blank',
    status,
    detail: expect.stringMatching(/\.$/),
  });
  expect((await platform.call('contracts', 'GET /contracts/order-response')).body).toMatchObject({
    version: 1,
  });
});

test('a 405 tells the methods that are there', async () => {
  expect((await send('POST', '/contracts/order-response/fields/note')).headers.get('allow')).toBe(
    'PUT, DELETE',
  );
});

test('a body of exactly the limit is understood', async () => {
  expect((await send('POST', FIELDS, FIELD.padEnd(BODY_LIMIT))).status).toBe(201);
});

test('a media type may have parameters', async () => {
  expect((await send('POST', FIELDS, FIELD, 'application/json; charset=utf-8')).status).toBe(201);
});

import { createFlamingock, type Flamingock } from '@flamingock/core';
import { afterEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { engineOptions, held } from '../test/engine-options.js';
import { closeOnSignal, type ClosingOptions } from './close-on-signal.js';

interface Serving {
  readonly server: Server;
  readonly port: number;
  readonly engine: Flamingock;
  readonly close: () => Promise<void>;
}

const agents: Agent[] = [];
afterEach(() => {
  for (const agent of agents.splice(0)) agent.destroy();
});

async function serve(
  listener: RequestListener,
  options?: ClosingOptions,
  apply?: () => unknown,
): Promise<Serving> {
  const engine = createFlamingock(engineOptions(apply));
  const server = createServer(listener).listen(0, '127.0.0.1');
  const close = closeOnSignal(server, engine, options);
  await once(server, 'listening');
  return { server, port: (server.address() as AddressInfo).port, engine, close };
}

/** One request, on a connection that is kept where an agent is given. */
async function ask(port: number, agent?: Agent): Promise<IncomingMessage> {
  const [response] = (await once(get({ port, host: '127.0.0.1', agent: agent ?? false }), 'response')) as [
    IncomingMessage,
  ];
  response.resume();
  return response;
}

function keepAlive(): Agent {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
}

/** Resolves when a server has got a request. */
const requested = (server: Server): Promise<unknown> => once(server, 'request');

describe('an application that shuts down', () => {
  test('is not ready any more at once, and accepts no further connection', async () => {
    const { close, engine, port } = await serve((_request, response) => response.end());
    await engine.run();
    expect(engine.readiness().ready).toBe(true);
    const closed = close();
    expect(engine.readiness()).toMatchObject({ ready: false, state: 'closed' });
    await closed;
    await expect(ask(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('accepts requests for as long as load balancers need, and asks for other connections meanwhile', async () => {
    const { close, engine, port } = await serve((_request, response) => response.end(), { delayMs: 300 });
    await engine.run();
    const closed = close();
    const { statusCode, headers } = await ask(port, keepAlive());
    expect([statusCode, headers.connection]).toEqual([200, 'close']);
    await closed;
  });

  test('answers the requests that run, and waits for nothing else', async () => {
    const change = held();
    const { close, port, server } = await serve((_request, response) => {
      void change.apply().then(() => response.end('done'));
    });
    const answer = ask(port, keepAlive());
    await requested(server);
    let closed = false;
    const closing = close().then(() => {
      closed = true;
    });
    await pause(50);
    expect(closed).toBe(false);
    change.goOn();
    const { statusCode, headers } = await answer;
    expect([statusCode, headers.connection]).toEqual([200, 'close']);
    await closing;
  });

  test('streams an answer that has begun to its end, and closes its connection then', async () => {
    const change = held();
    const { close, port } = await serve((_request, response) => {
      response.write('first, ');
      void change.apply().then(() => response.end('last'));
    });
    const request = get({ port, host: '127.0.0.1', agent: keepAlive() });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    const whole = text(response);
    const closing = close();
    change.goOn();
    expect(await whole).toBe('first, last');
    await closing;
  });

  test('sends a large answer to its end, to a client that reads slowly', async () => {
    const size = 64 * 1024 * 1024;
    const { close, port } = await serve((_request, response) => {
      response.setHeader('content-length', size);
      response.end(Buffer.alloc(size, 'x'));
    });
    const client = connect(port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n');
    let received = 0;
    client.on('data', (chunk: Buffer) => {
      received += chunk.length;
    });
    await once(client, 'data');
    client.pause();
    const closing = close();
    await pause(100);
    client.resume();
    await Promise.all([closing, once(client, 'close')]);
    expect(received).toBeGreaterThan(size);
  });

  test('closes connections that are kept, so that nothing keeps the process alive', async () => {
    const agent = keepAlive();
    const { close, port, server } = await serve((_request, response) => response.end());
    await ask(port, agent);
    const serverClosed = once(server, 'close');
    await close();
    await serverClosed;
  });

  test('cuts what goes on for longer than the grace period, and goes on itself', async () => {
    const { close, port, server } = await serve(() => undefined, { graceMs: 50 });
    const answer = ask(port);
    await requested(server);
    await Promise.all([close(), expect(answer).rejects.toMatchObject({ code: 'ECONNRESET' })]);
  });

  test('does not wait for connections that were upgraded', async () => {
    const { close, port, server } = await serve(() => undefined, { graceMs: 50 });
    const sockets: Socket[] = [];
    server.on('upgrade', (_request, socket: Socket) => {
      sockets.push(socket);
      socket.write('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
    });
    const client = connect(port, '127.0.0.1');
    client.write('GET / HTTP/1.1\r\nhost: localhost\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n');
    await once(client, 'data');
    await close();
    for (const socket of [client, ...sockets]) socket.destroy();
  });

  test('lets the current change end, and calls onClosed last', async () => {
    const change = held();
    const seen: string[] = [];
    const { close, engine } = await serve(
      (_request, response) => response.end(),
      { onClosed: () => seen.push(`closed: ${engine.readiness().state}, ${engine.readiness().applied}`) },
      async () => {
        await change.apply();
        seen.push('changed');
      },
    );
    const running = engine.run();
    while (engine.readiness().current === undefined) await pause(5);
    const closing = close();
    expect(engine.readiness()).toMatchObject({ state: 'closed', current: { change: '_0001__A' } });
    change.goOn();
    await Promise.all([running, closing]);
    expect(seen).toEqual(['changed', 'closed: closed, 1']);
  });

  test('does so once, however often it is asked', async () => {
    let times = 0;
    const { close } = await serve((_request, response) => response.end(), { onClosed: () => (times += 1) });
    await Promise.all([close(), close()]);
    await close();
    expect(times).toBe(1);
  });
});

test('its options are judged, all together', () => {
  const make = (): unknown =>
    closeOnSignal(createServer(), createFlamingock(engineOptions()), {
      graceMs: -1,
      grace: 1,
      onClosed: 1,
    } as never);
  expect(make).toThrow(/'grace'[^]*graceMs must be[^]*onClosed must be a function/);
});

import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A system over HTTP that knows what it has really executed. */
export interface HttpSystem {
  readonly url: string;
  /** The requests with an effect that it executed: every one with a success, and those that it never answered. */
  readonly executed: readonly string[];
  /** Resolves once so many requests were executed. */
  untilExecuted(count: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * `/status/422` answers with that status; `/slow` answers late; `/drop` executes and closes the connection; `/hang`
 * executes and never answers; `/cut/422` stops in the middle of the body; `/early` answers 103 before 422;
 * `/redirect` points to `/status/422`. Everything may be upgraded.
 *
 * @param tls key and certificate of a server that speaks TLS
 */
export async function startHttpSystem(tls?: { key: string; cert: string }): Promise<HttpSystem> {
  const executed: string[] = [];
  const sockets = new Set<Socket>();
  const waiting = new Set<() => void>();
  const execute = (request: IncomingMessage): void => {
    if (request.method !== 'GET') executed.push(`${request.method ?? ''} ${request.url ?? ''}`);
    for (const look of waiting) look();
  };
  const listener: RequestListener = (request, response) => {
    request.resume().once('end', () => answer(request, response, execute));
  };
  const server: Server = tls === undefined ? createServer(listener) : createSecureServer(tls, listener);
  for (const event of ['upgrade', 'connect']) {
    server.on(event, (_request, socket: Socket) =>
      socket.write('HTTP/1.1 101 Switching\r\nUpgrade: commands\r\nConnection: Upgrade\r\n\r\n'),
    );
  }
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    executed,
    untilExecuted: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (executed.length >= count) resolve();
        };
        waiting.add(look);
        look();
      }),
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function answer(
  request: IncomingMessage,
  response: ServerResponse,
  execute: (request: IncomingMessage) => void,
): void {
  const [, what, status = '422'] = (request.url ?? '').split('/');
  const body = JSON.stringify({ path: request.url });
  if (what === 'drop' || what === 'hang') {
    execute(request);
    if (what === 'drop') request.socket.destroy();
  } else if (what === 'slow') {
    execute(request);
    setTimeout(() => response.end(body), 200);
  } else if (what === 'redirect') {
    response.writeHead(307, { location: '/status/422' }).end();
  } else if (what === 'cut') {
    if (Number(status) < 400) execute(request);
    response.writeHead(Number(status), { 'content-length': 1000 });
    response.write('x', () => setTimeout(() => request.socket.destroy(), 20));
  } else if (what === 'early') {
    response.writeEarlyHints({ link: '</style.css>; rel=preload' }, () => response.writeHead(422).end(body));
  } else {
    if (Number(status) < 400) execute(request);
    response.writeHead(Number(status), { 'content-type': 'application/json' }).end(body);
  }
}

/** An address at which nobody listens. */
export async function deadAddress(): Promise<string> {
  const system = await startHttpSystem();
  await system.close();
  return system.url;
}

/** Valid for a hundred years and signed by nobody whom a client trusts. */
export const UNTRUSTED = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgyiVbfQRzXvHYWJ7Y
W9Xry8FvlB4kc4UEUBci1lsOVmGhRANCAASMP0LYa6teU5/aO7m7JyWpikCviQB4
iU5k/XtMzLAai53Umv2KxCKKCHA6AWHpJwxp6tQMeHpaYdVJqNpSPADJ
-----END PRIVATE KEY-----`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUHfiHxvnl3TrfqLu8tu3uIaIFg2EwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTExNDAzN1oYDzIxMjYxMDI4
MTE0MDM3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAASMP0LYa6teU5/aO7m7JyWpikCviQB4iU5k/XtMzLAai53Umv2KxCKK
CHA6AWHpJwxp6tQMeHpaYdVJqNpSPADJo28wbTAdBgNVHQ4EFgQURI2CTAUYdhEw
VtWS4no0ulLwCRYwHwYDVR0jBBgwFoAURI2CTAUYdhEwVtWS4no0ulLwCRYwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgCs0+l9paDhzHRqXmnFd44B1p9CetUbFXDCv1mUniiiMCIQD+
K8tnzMwI32a6kSen1HjyEiVBMuRzhOhi186i7cvVsg==
-----END CERTIFICATE-----`,
} as const;

import { memoryAuditStore } from '@flamingock/core';
import { Manners, serve } from './serve.mjs';

/** @type {import('../systems.mjs')} */
const { systems } = await import(process.env['SYSTEMS'] ?? '');

/**
 * Applications that break one promise each, named by `DEFECT`: the contract must catch them.
 *
 * @type {Record<string, Partial<Manners>>}
 */
const DEFECTS = {
  'serves at once': { refuse: () => undefined },
  'answers what it holds': { hold: () => Promise.resolve() },
  'refuses without a word': {
    refuse: (hosted, url) => {
      const refusal = hosted.refuse({ method: 'GET', url });
      return refusal && { statusCode: 503, body: {} };
    },
  },
  'refuses probes': {
    refuse: (hosted, url) => hosted.refuse({ method: 'GET', url: url === '/health/live' ? '/' : url }),
  },
  'tells nothing of itself': { readiness: () => ({ statusCode: 200, body: { status: 'ok' } }) },
  'gives changes a client of their own': {
    engineOptions: ({ options }) => ({ ...options, dependencies: systems().options.dependencies }),
  },
  'asks for more': {
    engineOptions: ({ options, book }) => {
      void book.list().catch(() => []);
      return options;
    },
  },
  'keeps the process': {
    engineOptions: ({ options }) => {
      setInterval(() => {}, 1000);
      return options;
    },
  },
  'forgets what it has done': {
    engineOptions: ({ options }) => ({ ...options, auditStore: memoryAuditStore() }),
  },
  'fails with success': { failed: () => process.exit(0) },
  'tells its secret': {
    failed: (error) => {
      console.error(error, process.env['SECRET']);
      process.exit(1);
    },
  },
  'drops what it does at SIGTERM': {
    engineOptions: ({ options }) => {
      process.on('SIGTERM', () => process.exit(143));
      return options;
    },
  },
  'ignores SIGTERM': {
    engineOptions: ({ options }) => {
      process.on('SIGTERM', () => {});
      return options;
    },
    endOnSignals: () => {},
  },
};

const defect = DEFECTS[process.env['DEFECT'] ?? ''];
if (defect === undefined) throw new Error('DEFECT names none that is known.');
await serve(Object.assign(new Manners(), defect));

/** @typedef {import('./race.mjs').HeatFacts} HeatFacts */
/** @typedef {{ readonly text: string, readonly holds: (facts: HeatFacts) => boolean }} Claim */

const CHANGES = [
  'add-payment-method-column',
  'register-order-event-v2',
  'update-order-api-response',
  'update-gateway-validation',
  'raise-quantities',
];

/** What each of the other systems is asked, when each change takes effect once. */
const REQUESTS = [
  'POST /subjects/order-events-value/versions 200',
  'POST /contracts/order-response/fields 201',
  'PUT /routes/order-request/validation/allowed-fields/paymentMethod 200',
];

/** @type {Claim} */
const ALL_READY = { text: 'all are ready', holds: ({ runners }) => runners.every(({ ready }) => ready) };

/** @type {Claim} */
const ORDERS_ONCE = {
  text: 'the orders have the new column, and their quantities were raised once',
  holds: ({ orders }) =>
    same(
      orders.map(({ item, quantity, payment_method }) => [item, quantity, payment_method]),
      [
        ['tea', 3, 'UNSET'],
        ['kettle', 2, 'UNSET'],
      ],
    ),
};

/**
 * What each heat must show. A claim is judged by what was seen, and by nothing else.
 *
 * @type {Readonly<Record<import('./race.mjs').HeatName, readonly Claim[]>>}
 */
export const CLAIMS = {
  pending: [
    ALL_READY,
    {
      text: 'the other systems were asked once for each of their changes',
      holds: ({ requests }) => same(requests, REQUESTS),
    },
    ORDERS_ONCE,
    {
      text: 'each change was applied by one process, and the ledger has it once',
      holds: ({ runners, outcomes }) =>
        same(outcomes, applied(CHANGES)) && runners.flatMap(appliedBy).length === CHANGES.length,
    },
  ],
  idle: [
    ALL_READY,
    {
      text: 'nobody was asked, and the ledger has nothing new',
      holds: ({ requests, outcomes }) => requests.length + outcomes.length === 0,
    },
    ORDERS_ONCE,
  ],
  refused: [
    {
      text: 'the change was tried once',
      holds: ({ requests, outcomes }) =>
        same(requests, ['POST /contracts/order-response/fields 400']) &&
        same(outcomes, ['add-colour FAILED']),
    },
    {
      text: 'all others had waited for it',
      holds: ({ runners }) =>
        runners.filter(({ output }) => /waiting for process/.test(output)).length === runners.length - 1,
    },
    {
      text: 'all end with exit code 1, for the same reason',
      holds: ({ runners }) =>
        runners.every(({ ready, exitCode }) => !ready && exitCode === 1) &&
        /^FLG_CHANGE_FAILED: _0006__AddColour/.test(reasonOf(runners[0])) &&
        runners.every((runner) => reasonOf(runner) === reasonOf(runners[0])),
    },
    ORDERS_ONCE,
  ],
};

/** @param {readonly string[]} ids */
function applied(ids) {
  return ids.map((id) => `${id} APPLIED`);
}

/** @param {import('./heat.mjs').Runner} runner */
function appliedBy({ output }) {
  return [...output.matchAll(/✔ (\S+)/g)].map(([, name]) => name);
}

/**
 * The error with which it ended, to its last line.
 *
 * @param {import('./heat.mjs').Runner | undefined} runner
 */
function reasonOf(runner) {
  return runner?.output.match(/^FLG_[^]*/m)?.[0] ?? '';
}

/**
 * @param {unknown} seen
 * @param {unknown} expected
 */
function same(seen, expected) {
  return JSON.stringify(seen) === JSON.stringify(expected);
}

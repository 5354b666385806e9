import { FIFTH_CHANGE } from './fifth-change.mjs';

/** @typedef {import('./story.mjs').StoryFacts} StoryFacts */

/**
 * What the story is told to show. Each claim is judged by what was seen, and by nothing else.
 *
 * @type {readonly { readonly text: string, readonly holds: (facts: StoryFacts) => boolean }[]}
 */
export const CLAIMS = [
  {
    text: 'With the contract service down the application exits with an error, and its port never opens.',
    holds: ({ refused }) => refused.exitCode === 1 && !refused.portOpened,
  },
  {
    text: 'It says what is applied, what failed and why, what state that leaves, and what to do.',
    holds: ({ refused: { output } }) =>
      /applied: _0001__AddPaymentMethodColumn, _0002__RegisterOrderEventV2$/m.test(output) &&
      /_0003__UpdateOrderApiResponse \(.+\) failed at 'api-contracts'/.test(output) &&
      /why: .*(503|ECONNREFUSED)/.test(output) &&
      /not run: _0004__UpdateGatewayValidation$/m.test(output) &&
      /state: .*'api-contracts' holds nothing of it/.test(output) &&
      /-> Remove the cause and start again/.test(output),
  },
  {
    text: 'With the service back the next start goes on with _0003__, and becomes ready.',
    holds: ({ resumed }) =>
      resumed.exitCode === null &&
      resumed.portOpened &&
      sameTexts(appliedIn(resumed.output), [
        '_0003__UpdateOrderApiResponse',
        '_0004__UpdateGatewayValidation',
      ]),
  },
  {
    text: 'The column is there, and the orders from before have UNSET.',
    holds: ({ orders }) =>
      orders.length > 0 && orders.every((order) => Object(order).paymentMethod === 'UNSET'),
  },
  {
    text: 'The schema registry has seen one registration, the contract service one that it executed.',
    holds: ({ requests }) =>
      sameTexts(requests.registry, ['POST /subjects/order-events-value/versions 200']) &&
      executed(requests.contracts) === 1 &&
      sameTexts(requests.gateway, ['PUT /routes/order-request/validation/allowed-fields/paymentMethod 200']),
  },
  {
    text: 'With nothing left to do it says so in one line, and sends nothing to anybody.',
    holds: ({ repeated, requestsOfRepeated }) =>
      repeated.exitCode === null &&
      linesOf(repeated.output, 'Flamingock').length === 1 &&
      /nothing to apply: 4 changes applied already/.test(repeated.output) &&
      requestsOfRepeated === 0,
  },
  {
    text: 'Of three replicas of the next release one applies the fifth change, and the contract service is asked once.',
    holds: ({ replicas, requestsOfReplicas }) =>
      replicas.filter(({ output }) => sameTexts(appliedIn(output), [FIFTH_CHANGE])).length === 1 &&
      sameTexts(requestsOfReplicas, ['POST /contracts/order-response/fields 201']),
  },
  {
    text: 'The two others wait, and say for whom.',
    holds: ({ replicas }) => {
      const [holder] = replicas.filter(({ output }) => appliedIn(output).length > 0);
      const waiting = replicas.filter((replica) => replica !== holder);
      return waiting.every(({ output }) => output.includes(`waiting for process ${holder?.processId} on `));
    },
  },
  {
    text: 'No port opens before the fifth change is applied; then all three are ready.',
    holds: ({ replicas, portsOpenedEarly }) =>
      portsOpenedEarly === 0 && replicas.every(({ exitCode, portOpened }) => exitCode === null && portOpened),
  },
];

/**
 * The changes that an output says were applied, in its order.
 *
 * @param {string} output
 */
function appliedIn(output) {
  return [...output.matchAll(/✔ (\S+)/g)].map(([, name]) => name);
}

/**
 * @param {string} output
 * @param {string} word
 */
function linesOf(output, word) {
  return output.split('\n').filter((line) => line.includes(word));
}

/** @param {readonly string[]} requests */
function executed(requests) {
  return requests.filter((request) => request === 'POST /contracts/order-response/fields 201').length;
}

/**
 * @param {readonly (string | undefined)[]} seen
 * @param {readonly string[]} expected
 */
function sameTexts(seen, expected) {
  return JSON.stringify(seen) === JSON.stringify(expected);
}

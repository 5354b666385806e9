import { expect, it } from '@jest/globals';
import { CLAIMS } from './claims.mjs';
import type { Start, StoryFacts } from './story.mjs';

/** An application that starts whatever happens, and applies everything each time. */
const heedless: Start = {
  processId: 1,
  exitCode: null,
  portOpened: true,
  output: ['✔ _0001__AddPaymentMethodColumn', '✔ _0005__AddPaymentStatusToOrderResponse', 'ready'].join('\n'),
};
const facts: StoryFacts = {
  refused: heedless,
  resumed: heedless,
  requests: {
    registry: [
      'POST /subjects/order-events-value/versions 200',
      'POST /subjects/order-events-value/versions 200',
    ],
    contracts: ['POST /contracts/order-response/fields 201', 'POST /contracts/order-response/fields 201'],
    gateway: [],
  },
  orders: [{ paymentMethod: null }],
  repeated: heedless,
  requestsOfRepeated: 3,
  replicas: [heedless, { ...heedless, processId: 2 }, { ...heedless, processId: 3 }],
  portsOpenedEarly: 3,
  requestsOfReplicas: [
    'POST /contracts/order-response/fields 201',
    'POST /contracts/order-response/fields 409',
  ],
};

it.each(CLAIMS)('an application that heeds nothing does not meet: $text', ({ holds }) => {
  expect(holds(facts)).toBe(false);
});

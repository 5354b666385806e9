import { expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { AvailabilitySwitch, MODES } from './availability-switch.js';
import { Listener } from './http/listener.js';

test.each(MODES.flatMap((first) => MODES.map((last) => [first, last] as const)))(
  'of %s and %s, asked for at the same time, the later one holds',
  async (first, last) => {
    const listener = new Listener(
      createServer((_, response) => response.end()),
      0,
      'a test',
    );
    const availability = new AvailabilitySwitch(listener);
    await Promise.all([availability.to(first), availability.to(last)]);
    const listens = await fetch(listener.url).then(
      () => true,
      () => false,
    );
    expect({ mode: availability.mode, listens }).toEqual({
      mode: last,
      listens: last !== 'refusing',
    });
    await availability.to('refusing');
  },
);

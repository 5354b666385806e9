import type { FlamingockEvent, FlamingockListener } from '@flamingock/core';
import { SCHEMA_VERSION } from '../../frame/answer.js';
import type { Output } from '../../terminal/output.js';

/** Tells each event as a JSON object of one line. */
export function ndjson(output: Output): FlamingockListener {
  return (event: FlamingockEvent) => {
    output.data(JSON.stringify({ schemaVersion: SCHEMA_VERSION, at: new Date().toISOString(), ...event }));
  };
}

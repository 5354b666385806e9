import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { holdSignals } from './hold-signals.js';

/** As Node tells of a signal. */
function arrive(signal: NodeJS.Signals): void {
  process.emit(signal, signal);
}

let raised: jest.SpiedFunction<typeof process.kill>;

beforeEach(() => {
  raised = jest.spyOn(process, 'kill').mockImplementation((_, signal) => {
    arrive(signal as NodeJS.Signals);
    return true;
  });
});

afterEach(() => {
  process.removeAllListeners('SIGTERM').removeAllListeners('SIGINT');
});

test('keeps a signal from those who listen, until it is released', async () => {
  const server = jest.fn();
  process.on('SIGTERM', server);
  const signals = holdSignals();
  arrive('SIGTERM');
  arrive('SIGTERM');
  await signals.arrived;
  expect(server).not.toHaveBeenCalled();

  signals.release();
  expect(server).toHaveBeenCalledTimes(1);
  expect(raised).toHaveBeenCalledWith(process.pid, 'SIGTERM');
});

test('raises nothing where nothing has come, and leaves everything as it was', () => {
  const server = jest.fn();
  const once = jest.fn();
  process.on('SIGINT', server).once('SIGINT', once);

  holdSignals().release();
  expect(raised).not.toHaveBeenCalled();

  arrive('SIGINT');
  arrive('SIGINT');
  expect(server).toHaveBeenCalledTimes(2);
  expect(once).toHaveBeenCalledTimes(1);
  expect(process.listeners('SIGTERM')).toEqual([]);
});

test('lets those hear a signal at once who listen after it was called', () => {
  const signals = holdSignals();
  const engine = jest.fn();
  process.on('SIGTERM', engine);
  arrive('SIGTERM');
  expect(engine).toHaveBeenCalledTimes(1);
  process.off('SIGTERM', engine);
  raised.mockImplementation(() => true);
  signals.release();
});

import type { ClientUse } from '@flamingock/core/spi';
import type { Admin, Kafka, Message, Producer, ProducerRecord } from 'kafkajs';
import type { AttemptCalls, CallEnd } from './attempt-calls.js';
import {
  type CallForPeople,
  failedCall,
  isUnconnected,
  KafkaError,
  protocolCode,
  rejects,
} from './kafka-error.js';

/** A request that changes something. */
export interface EffectfulCall<T> extends CallForPeople {
  /** Of the request, in the protocol. */
  readonly apiKey: number;
  /** How many things it asks for. */
  readonly things: number;
  run(admin: Admin): Promise<T>;
}

const CONNECT: CallForPeople = { what: 'connect', needs: 'to be let in' };

/** The header of every record that a change sends: its id. */
const CHANGE_HEADER = 'flamingock-change';

/** How long a disconnection is waited for, in milliseconds. */
const DISCONNECT_MS = 2_000;

/**
 * The connections of one call of a change, opened when they are needed. They are closed with the attempt; outside of one,
 * where nobody says when it is over, with the operation.
 */
export class Connection {
  readonly #kafka: Kafka;
  readonly #given: Admin | undefined;
  readonly #calls: AttemptCalls | undefined;
  readonly #use: ClientUse | undefined;
  #admin: Promise<Admin> | undefined;
  #running = 0;

  constructor(parts: {
    readonly kafka: Kafka;
    /** That of the application, which is connected and never closed. */
    readonly admin: Admin | undefined;
    readonly calls: AttemptCalls | undefined;
    readonly use: ClientUse | undefined;
  }) {
    this.#kafka = parts.kafka;
    this.#given = parts.admin;
    this.#calls = parts.calls;
    this.#use = parts.use;
  }

  /** Runs what changes nothing. */
  read<T>(call: CallForPeople, run: (admin: Admin) => Promise<T>): Promise<T> {
    return this.#during(async () => {
      try {
        return await this.#orStopped(this.#connected().then(run));
      } catch (error) {
        this.#calls?.readFailed();
        throw failedCall(call, error);
      }
    });
  }

  /** Sends a request that changes something, and notes how it ended. */
  effect<T>(call: EffectfulCall<T>): Promise<T> {
    return this.#during(async () => {
      const admin = await this.#toChange(call);
      return this.#noted(call, admin);
    });
  }

  /** Hands out the admin itself. What it does cannot be followed, so a failure of it proves nothing. */
  raw<T>(run: (admin: Admin) => Promise<T>): Promise<T> {
    return this.#during(async () => {
      const admin = await this.#toChange(CONNECT);
      return this.#unfollowed(() => run(admin));
    });
  }

  /** Hands out a producer, whose records carry the id of the change. As with `raw`, a failure proves nothing. */
  async produce<T>(run: (producer: Producer) => Promise<T>): Promise<T> {
    this.#mayAct();
    const producer = this.#kafka.producer({ allowAutoTopicCreation: false, idempotent: true, retry: {} });
    const connected = producer.connect();
    try {
      await this.#orUnsent(CONNECT, () => connected);
      return await this.#unfollowed(() => run(marking(producer, this.#use?.changeId)));
    } finally {
      // What is disconnected before it is connected would stay connected.
      const closed = connected.catch(() => undefined).then(() => producer.disconnect());
      await this.#unlessStopped(closed);
    }
  }

  /** An intention that would not do what it was asked for: nothing was sent. */
  refuse(message: string): KafkaError {
    this.#calls?.begin();
    this.#calls?.end('rejected');
    return new KafkaError('REFUSED', message);
  }

  /** Closes what it has opened, after what is still running. */
  async close(): Promise<void> {
    const admin = this.#admin;
    this.#admin = undefined;
    if (admin === undefined) return;
    const closed = admin.then((one) => one.disconnect());
    // A request that was given up keeps its connection until its time-out; nobody waits for that.
    if (this.#running === 0) await this.#unlessStopped(closed);
    else closed.catch(() => undefined);
  }

  /** Waits for a disconnection, whatever comes of it: not for long, and not where the change has to stop. */
  async #unlessStopped(closed: Promise<unknown>): Promise<void> {
    const settled = closed.catch(() => undefined);
    if (this.#use?.signal.aborted === true) return;
    let timer: NodeJS.Timeout | undefined;
    const over = new Promise((resolve) => {
      timer = setTimeout(resolve, DISCONNECT_MS);
    });
    await Promise.race([settled, over]);
    clearTimeout(timer);
  }

  #connected(): Promise<Admin> {
    this.#mayAct();
    if (this.#given !== undefined) return Promise.resolve(this.#given);
    this.#admin ??= this.#open();
    return this.#admin;
  }

  async #open(): Promise<Admin> {
    const admin = this.#kafka.admin();
    try {
      await admin.connect();
      return admin;
    } catch (error) {
      this.#admin = undefined;
      await this.#unlessStopped(admin.disconnect());
      throw error;
    }
  }

  #toChange(call: CallForPeople): Promise<Admin> {
    return this.#orUnsent(call, () => this.#connected());
  }

  async #orUnsent<T>(call: CallForPeople, connected: () => Promise<T>): Promise<T> {
    try {
      return await this.#orStopped(connected());
    } catch (error) {
      this.#calls?.readFailed();
      throw failedCall(call, error);
    }
  }

  async #noted<T>(call: EffectfulCall<T>, admin: Admin): Promise<T> {
    const { apiKey, things } = call;
    const answered: number[] = [];
    const alone = this.#running === 1;
    const forget = admin.on(admin.events.REQUEST, ({ payload }) => answered.push(payload.apiKey));
    this.#calls?.begin();
    let end: CallEnd = 'unknown';
    try {
      const result = await this.#orStopped(call.run(admin));
      end = 'done';
      return result;
    } catch (error) {
      // What follows the request within kafkajs may fail, too: only of the very last answer, to a request that was sent once,
      // is the code known to be that of the request.
      const times = answered.filter((key) => key === apiKey).length;
      if (times === 0 && isUnconnected(error)) end = 'not-sent';
      else if (alone && times === 1 && answered.at(-1) === apiKey && rejects(protocolCode(error), things))
        end = 'rejected';
      throw failedCall(call, error);
    } finally {
      this.#calls?.end(end);
      forget();
    }
  }

  async #unfollowed<T>(run: () => Promise<T>): Promise<T> {
    this.#calls?.begin();
    let end: CallEnd = 'unknown';
    try {
      const result = await this.#orStopped(run());
      end = 'done';
      return result;
    } finally {
      this.#calls?.end(end);
    }
  }

  async #during<T>(operation: () => Promise<T>): Promise<T> {
    this.#running += 1;
    try {
      return await operation();
    } finally {
      this.#running -= 1;
      if (this.#calls === undefined && this.#running === 0) await this.close();
    }
  }

  #mayAct(): void {
    this.#use?.signal.throwIfAborted();
    if (this.#calls?.over === true) throw new KafkaError('REFUSED', 'this call of the change is over');
  }

  /** kafkajs cannot take a request back: a change that has to stop does not wait for its answer. */
  async #orStopped<T>(promise: Promise<T>): Promise<T> {
    const signal = this.#use?.signal;
    if (signal === undefined) return promise;
    let onAbort = (): void => undefined;
    const stopped = new Promise<never>((_resolve, reject) => {
      onAbort = () => reject(signal.reason as Error);
      signal.addEventListener('abort', onAbort, { once: true });
    });
    try {
      return await Promise.race([promise, stopped]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }
}

/** The producer, with the id of the change as a header of every record. */
function marking(producer: Producer, changeId: string | undefined): Producer {
  if (changeId === undefined) return producer;
  const marked = (messages: readonly Message[]): Message[] =>
    messages.map((message) => ({ ...message, headers: { ...message.headers, [CHANGE_HEADER]: changeId } }));
  return {
    ...producer,
    send: (record: ProducerRecord) => producer.send({ ...record, messages: marked(record.messages) }),
    sendBatch: (batch) =>
      producer.sendBatch({
        ...batch,
        topicMessages: (batch.topicMessages ?? []).map((record) => ({
          ...record,
          messages: marked(record.messages),
        })),
      }),
  };
}

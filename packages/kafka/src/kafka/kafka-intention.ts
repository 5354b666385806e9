import type { Intention } from '../intention.js';
import type { Connection } from './connection.js';

/** What intentions need of the client that carries them out. */
export interface ConnectedClient {
  readonly connection: Connection;
}

/** An intention for a Kafka cluster. */
export interface KafkaIntention<Before = unknown> extends Intention<ConnectedClient> {
  readonly wants: string;
  /** Brings it about, and resolves to what was there before. Where it is there already, it changes nothing. */
  apply(kafka: ConnectedClient): Promise<Before>;
}

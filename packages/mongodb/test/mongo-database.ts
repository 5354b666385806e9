import { MongoClient } from 'mongodb';
import mongoose from 'mongoose';
import type { Mongodb } from '../../../tools/services/mongodb.mjs';
import { startTcpProxy, type TcpProxy } from '../../../tools/services/tcp-proxy.mjs';

/** A database for one case, with the clients and connections that are opened to it. */
export class MongoTestDatabase {
  readonly name: string;
  readonly #server: Mongodb;
  readonly #url: string;
  readonly #clients: MongoClient[] = [];
  readonly #connections: mongoose.Connection[] = [];
  readonly #proxies: TcpProxy[] = [];

  constructor(server: Mongodb) {
    const { name, url } = server.createDatabase();
    this.name = name;
    this.#server = server;
    this.#url = url;
  }

  /** A client of its own, as another process would have one. */
  async open(url = this.#url): Promise<MongoClient> {
    const client = new MongoClient(url);
    this.#clients.push(client);
    return client.connect();
  }

  /** A Mongoose connection of its own. */
  async openMongoose(url = this.#url): Promise<mongoose.Connection> {
    const connection = mongoose.createConnection(url, { autoIndex: false, autoCreate: false });
    this.#connections.push(connection);
    return connection.asPromise();
  }

  /** For clients behind a proxy that can break them. */
  async unreliableUrl(): Promise<{ readonly url: string; readonly loseReplies: () => Promise<void> }> {
    const proxy = await startTcpProxy(this.#url);
    this.#proxies.push(proxy);
    // A member of a replica set would tell its own address.
    const url = proxy.url.replace(/replicaSet=\w+/, 'directConnection=true');
    return {
      url: `${url}&serverSelectionTimeoutMS=500`,
      loseReplies: () => proxy.setMode('drop-replies'),
    };
  }

  /** A client whose user may only do what is named. Takes a server that asks for passwords. */
  async openRestricted(
    privileges: readonly { readonly collection: string; readonly actions: readonly string[] }[],
  ): Promise<MongoClient> {
    return this.open(await this.#server.createUser(this.name, privileges));
  }

  async close(): Promise<void> {
    for (const client of this.#clients) await client.close();
    for (const connection of this.#connections) await connection.close();
    for (const proxy of this.#proxies) await proxy.close();
  }
}

import type { MongoClient } from 'mongodb';

/** A shorter one is part of too many words that are no secret. */
const SHORTEST = 8;

/**
 * What a client authenticates with and must not appear in any message. One that is also the name of the user does not
 * count, as on the machines of developers: to take it out of every message would make them unreadable.
 */
export function mongoSecrets({ options }: MongoClient): readonly string[] {
  const { credentials, proxyPassword, passphrase } = options;
  const token: unknown = credentials?.mechanismProperties['AWS_SESSION_TOKEN'];
  return [credentials?.password, token, proxyPassword, passphrase as unknown].filter(
    (one): one is string =>
      typeof one === 'string' && one.length >= SHORTEST && one !== credentials?.username,
  );
}

/** What a pool or a client of pg was given to connect with. */
interface PgCredentials {
  readonly connectionString?: unknown;
  readonly user?: unknown;
  readonly database?: unknown;
  readonly password?: unknown;
}

/** A shorter one is part of too many words that are no secret. */
const SHORTEST = 8;

/**
 * The password of a pool's options or of a client, from its own option or from the URL; none where it is asked for only
 * when a connection is made. One that is also the name of the user or the database, as on the machines of developers, does
 * not count: to take it out of every message would make them unreadable.
 */
export function pgSecrets(credentials: object): readonly string[] {
  const { connectionString, user, database, password } = credentials as PgCredentials;
  const url = typeof connectionString === 'string' ? partsOf(connectionString) : undefined;
  const names = [user, database, url?.user, url?.database];
  return [password, url?.password].filter(
    (one): one is string => typeof one === 'string' && one.length >= SHORTEST && !names.includes(one),
  );
}

function partsOf(connectionString: string): Partial<Record<'user' | 'database' | 'password', string>> {
  try {
    const { username, password, pathname, searchParams } = new URL(connectionString);
    return {
      user: decodeURIComponent(username),
      database: decodeURIComponent(pathname.slice(1)),
      password: searchParams.get('password') ?? decodeURIComponent(password),
    };
  } catch {
    // Not a URL, such as the path of a socket: then it holds no password.
    return {};
  }
}

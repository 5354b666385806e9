import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findProgram } from './installation.mjs';
import { onFreePort } from './guarded-server.mjs';
import { answers } from './mariadb-client.mjs';

/** A data folder with a server on it, which can be restarted and killed. */
export class MariadbCluster {
  #server;
  #program;
  #settings;
  #password = randomBytes(12).toString('hex');
  #port = 0;

  /**
   * @param {import('./guarded-server.mjs').GuardedServer} server
   * @param {string} program `mariadbd`
   * @param {Readonly<Record<string, string>>} settings
   */
  constructor(server, program, settings) {
    this.#server = server;
    this.#program = program;
    this.#settings = settings;
  }

  /** Of the database `mysql`. */
  get url() {
    return `mysql://flamingock:${this.#password}@127.0.0.1:${this.#port}/mysql`;
  }

  /** Makes the data folder and starts the server on it. */
  async create() {
    const installer = findProgram('mariadb-install-db') ?? 'mariadb-install-db';
    await this.#server.run(installer, [
      ...['--no-defaults', `--datadir=${join(this.#server.folder, 'data')}`, this.#temporary],
      ...['--skip-test-db', '--skip-name-resolve', '--auth-root-authentication-method=socket'],
    ]);
    await writeFile(join(this.#server.folder, 'users.sql'), this.#users());
    this.#port = await onFreePort((port) => this.#start(port));
  }

  async restart() {
    await this.#server.end('SIGTERM');
    await this.#start(this.#port);
  }

  async kill() {
    await this.#server.end('SIGKILL');
  }

  statementLog() {
    return readFile(join(this.#server.folder, 'data/statements.log'), 'utf8');
  }

  stop() {
    return this.#server.close();
  }

  /** Temporary tables are named after the process: two servers whose numbers are the same must not share their folder. */
  get #temporary() {
    return `--tmpdir=${this.#server.folder}`;
  }

  /** Executed at each start, before anybody is let in: so one that was killed has it, too. */
  #users() {
    const user = `'flamingock'@'127.0.0.1' IDENTIFIED BY '${this.#password}'`;
    return `CREATE USER IF NOT EXISTS ${user};\nGRANT ALL ON *.* TO 'flamingock'@'127.0.0.1' WITH GRANT OPTION;\n`;
  }

  /** @param {number} port */
  async #start(port) {
    this.#port = port;
    const { folder } = this.#server;
    const settings = Object.entries(this.#settings).map(([name, value]) => `--${name}=${value}`);
    await this.#server.start(
      this.#program,
      [
        ...['--no-defaults', `--datadir=${join(folder, 'data')}`, `--socket=${join(folder, 'socket')}`],
        this.#temporary,
        ...[`--pid-file=${join(folder, 'pid')}`, `--init-file=${join(folder, 'users.sql')}`],
        ...[`--port=${port}`, ...settings],
      ],
      // It keeps nothing that is not in its folder, which goes as well.
      { ready: () => answers(this.url), endSignal: 'SIGKILL' },
    );
  }
}

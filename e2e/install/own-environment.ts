import { delimiter, dirname } from 'node:path';

/** What a person's machine tells npm: where home is, how to get out, and npm's own settings. */
const KEPT =
  /^(HOME|TMPDIR|NODE_EXTRA_CA_CERTS|SSL_CERT_FILE|SSL_CERT_DIR|(https?|all|no)_proxy|npm_config_.*)$/i;

/**
 * The environment of a terminal on this machine. Jest, npm and Nx, under which the tests run, are not seen in it, nor
 * are the programs of the workspace; Node is the one of the tests, for which better-sqlite3 is compiled.
 */
export function ownEnvironment(): NodeJS.ProcessEnv {
  const path = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'));
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => KEPT.test(name))),
    PATH: [dirname(process.execPath), ...path].join(delimiter),
    NO_COLOR: '1',
    // `npm run --silent` around the tests would leave nothing to say why something failed.
    npm_config_loglevel: 'error',
    // By default npm tries for more than a minute to reach a registry.
    npm_config_fetch_retry_mintimeout: '1000',
    npm_config_fetch_retry_maxtimeout: '5000',
  };
}

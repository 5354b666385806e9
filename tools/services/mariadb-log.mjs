/** Of the server's own database: this folder's own clients, whose statements are not told to the tests. */
const OWN = 'mysql';

const ENTRY = /^(?:\d{6} +\d+:\d\d:\d\d)?\t+ *(?<id>\d+) (?<command>[A-Z]\w*(?: \w+)?)\t?(?<text>[^]*)$/;

/**
 * What clients have sent, in the order in which it arrived: one text for each message, also of those that failed.
 *
 * @param {string} log the server's general log
 * @param {string} [database] that the clients have named when they connected; default: all
 */
export function statementsIn(log, database) {
  const connected = /** @type {Map<string, string>} */ (new Map());
  return log
    .split(/\n(?=(?:\d{6} +\d+:\d\d:\d\d)?\t+ *\d+ [A-Z])/)
    .map((entry) => ENTRY.exec(entry)?.groups)
    .filter((groups) => groups !== undefined)
    .filter(({ id = '', command, text = '' }) => {
      if (command === 'Connect') connected.set(id, / on (\S*) /.exec(`${text} `)?.[1] ?? '');
      const on = connected.get(id);
      const told = database === undefined ? on !== OWN : on === database;
      return told && (command === 'Query' || command === 'Execute');
    })
    .map(({ text = '' }) => text.trimEnd());
}

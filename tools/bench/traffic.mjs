/**
 * What the messages to a server amount to. Each waited for its reply, so they are the round trips.
 *
 * @param {readonly string[]} messages one text for each, of one statement or several
 */
export function traffic(messages) {
  const statements = messages.flatMap((message) =>
    message
      .replace(/'(?:[^']|'')*'/g, '')
      .split(';')
      .filter((statement) => statement.trim() !== ''),
  );
  return { roundTrips: messages.length, statements: statements.length };
}

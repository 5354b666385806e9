/** What a request is rejected with; `undefined` where it is not. */
export async function failureOf(request: Promise<unknown>): Promise<unknown> {
  return request.then(
    () => undefined,
    (error: unknown) => error ?? new Error('rejected with nothing'),
  );
}

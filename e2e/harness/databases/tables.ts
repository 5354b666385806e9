/** What a start that is refused must not change; its claim of the target is not a part of it. On any SQL database. */
export const CHANGE_ENTRIES =
  'SELECT * FROM flamingock_ledger WHERE change_id IS NOT NULL ORDER BY environment, sequence';
export const FENCES = 'SELECT environment, begun, applied FROM flamingock_fence ORDER BY environment';

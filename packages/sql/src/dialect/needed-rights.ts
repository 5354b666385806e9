import type { Purpose } from './dialect.js';
import type { Table } from './table-names.js';

/** What each table needs, for whoever only reads and for whoever writes. Nothing is ever deleted. */
export const NEEDED_RIGHTS: Readonly<
  Record<Purpose['tables'], Record<'read' | 'write', readonly (readonly [Table, string])[]>>
> = {
  audit: {
    read: [
      ['schema', 'SELECT'],
      ['ledger', 'SELECT'],
      ['lock', 'SELECT'],
    ],
    write: [
      ['schema', 'SELECT'],
      ['ledger', 'SELECT'],
      ['ledger', 'INSERT'],
      ['lock', 'SELECT'],
      ['lock', 'INSERT'],
      ['lock', 'UPDATE'],
    ],
  },
  checkpoint: {
    read: [['checkpoint', 'SELECT']],
    write: [
      ['checkpoint', 'SELECT'],
      ['checkpoint', 'INSERT'],
      ['checkpoint', 'UPDATE'],
    ],
  },
  fence: {
    read: [['fence', 'SELECT']],
    write: [
      ['fence', 'SELECT'],
      ['fence', 'INSERT'],
      ['fence', 'UPDATE'],
    ],
  },
};

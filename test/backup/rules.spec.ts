import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { walSegments } from '../../src/database/backup/wal-segments.js';
import { isWanted } from '../../src/database/backup/what-to-copy.js';
import { connect } from '../support/queries.js';

const lsn = (position: bigint): string =>
  `${(position >> 32n).toString(16).toUpperCase()}/${(position & 0xffff_ffffn).toString(16).toUpperCase()}`;

describe('the segments of a stretch of the write-ahead log', () => {
  const segmentSize = 16 * 1024 * 1024;
  const stretch = { timeline: 1, segmentSize };

  it('have the names that PostgreSQL gives them', async () => {
    const client = await connect(process.env['STANDPOINT_TEST_SUPERUSER_URL'] ?? '');
    const inside = fc
      .tuple(fc.bigInt({ min: 0n, max: 1n << 38n }), fc.bigInt({ min: 1n, max: BigInt(segmentSize) - 1n }))
      .map(([segment, offset]) => segment * BigInt(segmentSize) + offset);
    try {
      await fc.assert(
        fc.asyncProperty(inside, async (position) => {
          const { rows } = await client.query<{ name: string }>('SELECT pg_walfile_name($1) AS name', [
            lsn(position),
          ]);
          expect(walSegments({ ...stretch, from: lsn(position), to: lsn(position + 1n) })).toEqual([
            rows[0]?.name,
          ]);
        }),
      );
    } finally {
      await client.end();
    }
  });

  it('are all from the first to the last, which ends before the end', () => {
    expect(walSegments({ ...stretch, from: '0/FE000028', to: '1/1000000' })).toEqual([
      '0000000100000000000000FE',
      '0000000100000000000000FF',
      '000000010000000100000000',
    ]);
    expect(walSegments({ ...stretch, from: '0/FE000028', to: '1/1000001' })).toHaveLength(4);
  });
});

describe('what a backup copies', () => {
  const cluster = 'postgres/data';

  it.each([
    'admin-token',
    'some-later-key',
    'postgres/passwords.json',
    `${cluster}/PG_VERSION`,
    `${cluster}/base/16386/16400`,
    `${cluster}/base/16386/16400_fsm`,
    `${cluster}/global/pg_filenode.map`,
    `${cluster}/pg_xact/0000`,
    `${cluster}/postgresql.conf`,
  ])('has %s', (path) => {
    expect(isWanted(path, 'file')).toBe(true);
  });

  it.each([
    'postgres.log',
    'postgres.log.1',
    `${cluster}/postmaster.pid`,
    `${cluster}/postmaster.opts`,
    `${cluster}/backup_label`,
    `${cluster}/global/pg_control`,
    `${cluster}/global/pg_internal.init`,
    `${cluster}/base/16386/pg_internal.init.123`,
    `${cluster}/base/pgsql_tmp/pgsql_tmp12.0`,
    `${cluster}/pg_wal/000000010000000000000001`,
    `${cluster}/pg_wal/archive_status/000000010000000000000001.done`,
  ])('leaves out %s, or copies it at the end', (path) => {
    expect(isWanted(path, 'file')).toBe(false);
  });

  it.each([`${cluster}/pg_wal`, `${cluster}/pg_wal/archive_status`, `${cluster}/pg_notify`])(
    'has the folder %s',
    (path) => {
      expect(isWanted(path, 'folder')).toBe(true);
    },
  );

  it.each([`${cluster}/base/pgsql_tmp`, 'postgres.new-12-ab'])('has no folder %s', (path) => {
    expect(isWanted(path, 'folder')).toBe(false);
  });
});

import { Column, PrimaryColumn, type ObjectLiteral, type SelectQueryBuilder } from 'typeorm';
import type { View } from '../../dossiers/reading.js';
import { pageOf, readCursor, type Page } from '../../http/paging.js';

/** Sequences come from the driver as text, being 64 bits wide; a dossier's log stays far below 2^53. */
const sequence = {
  from: (value: string | null) => (value === null ? null : Number(value)),
  to: (value: number | null) => value,
};

/** Where a record (statement or assessment) stood from one sequence until another: what lists are ordered and narrowed by. Written by StatementsProjection, only read through this. */
export abstract class RecordVersion {
  @PrimaryColumn({ name: 'dossier_id', type: 'uuid' })
  dossier!: string;

  @PrimaryColumn({ type: 'int' })
  build!: number;

  @PrimaryColumn({ name: 'known_from', type: 'bigint', transformer: sequence })
  knownFrom!: number;

  @Column({ name: 'known_to', type: 'bigint', nullable: true, transformer: sequence })
  knownTo!: number | null;

  @Column({ type: 'bigint', transformer: sequence })
  origin!: number;

  @Column({ type: 'timestamptz' })
  said!: Date;

  @Column({ name: 'recorded_by', type: 'text' })
  recordedBy!: string;

  @Column({ type: 'boolean' })
  voided!: boolean;
}

type Rows<Version extends RecordVersion & ObjectLiteral> = SelectQueryBuilder<Version>;

/** Narrows to the versions that held at what is known. The rows' alias is `v`. */
export function asKnown<Version extends RecordVersion & ObjectLiteral>(
  rows: Rows<Version>,
  { dossier, build, known }: View,
): Rows<Version> {
  return rows
    .where('v.dossier = :dossier AND v.build = :build', { dossier: dossier.id, build })
    .andWhere('v.knownFrom <= :known AND (v.knownTo IS NULL OR v.knownTo > :known)', {
      known: known.sequence,
    });
}

/** The versions after a cursor in said-order, and one more than the limit. Rejects with `validation-failed` for a cursor that is not its own. */
export function inSaidOrder<Version extends RecordVersion & ObjectLiteral>(
  rows: Rows<Version>,
  cursor: string | undefined,
  limit: number,
): Rows<Version> {
  const after = readCursor(cursor, ['number', 'number']);
  if (after !== null)
    rows.andWhere('(v.said, v.origin) > (:said::timestamptz, :origin)', {
      said: new Date(after[0]).toISOString(),
      origin: after[1],
    });
  return rows
    .orderBy('v.said')
    .addOrderBy('v.origin')
    .limit(limit + 1);
}

/** A page of versions in said-order. Rejects likewise. */
export async function pageInSaidOrder<Version extends RecordVersion & ObjectLiteral>(
  rows: Rows<Version>,
  cursor: string | undefined,
  limit: number,
): Promise<Page<Version>> {
  const found = await inSaidOrder(rows, cursor, limit).getMany();
  return pageOf(
    found,
    limit,
    ({ said, origin }) => [said.getTime(), origin],
    (version) => version,
  );
}

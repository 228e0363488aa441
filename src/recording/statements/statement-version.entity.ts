import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Statement } from '../../domain/statement.js';

/** Sequences come from the driver as text, being 64 bits wide; a dossier's log stays far below 2^53. */
export const sequence = {
  from: (value: string | null) => (value === null ? null : Number(value)),
  to: (value: number | null) => value,
};

/** A statement as it was known from one sequence until another. Written by StatementsProjection, only read through this. */
@Entity('statement_version')
export class StatementVersion {
  @PrimaryColumn({ name: 'dossier_id', type: 'uuid' })
  dossier!: string;

  @PrimaryColumn({ type: 'int' })
  build!: number;

  @PrimaryColumn({ name: 'statement_id', type: 'uuid' })
  statement!: string;

  @PrimaryColumn({ name: 'known_from', type: 'bigint', transformer: sequence })
  knownFrom!: number;

  @Column({ name: 'known_to', type: 'bigint', nullable: true, transformer: sequence })
  knownTo!: number | null;

  @Column({ type: 'bigint', transformer: sequence })
  origin!: number;

  @Column({ type: 'timestamptz' })
  said!: Date;

  @Column({ type: 'text' })
  act!: string;

  @Column({ name: 'party_id', type: 'uuid', nullable: true })
  party!: string | null;

  @Column({ name: 'speaker_id', type: 'uuid', nullable: true })
  speaker!: string | null;

  @Column({ name: 'topic_id', type: 'uuid', nullable: true })
  topic!: string | null;

  @Column({ name: 'source_id', type: 'uuid', nullable: true })
  source!: string | null;

  @Column({ name: 'refers_to', type: 'uuid', nullable: true })
  refersTo!: string | null;

  @Column({ name: 'recorded_by', type: 'text' })
  recordedBy!: string;

  @Column({ type: 'boolean' })
  voided!: boolean;

  @Column({ type: 'json' })
  state!: Statement;
}

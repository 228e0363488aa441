import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Assessment } from '../../domain/assessment.js';
import { sequence } from '../statements/statement-version.entity.js';

/** An assessment as it was known from one sequence until another. Written by StatementsProjection, only read through this. */
@Entity('assessment_version')
export class AssessmentVersion {
  @PrimaryColumn({ name: 'dossier_id', type: 'uuid' })
  dossier!: string;

  @PrimaryColumn({ type: 'int' })
  build!: number;

  @PrimaryColumn({ name: 'assessment_id', type: 'uuid' })
  assessment!: string;

  @PrimaryColumn({ name: 'known_from', type: 'bigint', transformer: sequence })
  knownFrom!: number;

  @Column({ name: 'known_to', type: 'bigint', nullable: true, transformer: sequence })
  knownTo!: number | null;

  @Column({ type: 'bigint', transformer: sequence })
  origin!: number;

  @Column({ type: 'timestamptz' })
  said!: Date;

  @Column({ name: 'party_id', type: 'uuid' })
  party!: string;

  @Column({ name: 'topic_id', type: 'uuid' })
  topic!: string;

  @Column({ type: 'boolean' })
  voided!: boolean;

  @Column({ type: 'json' })
  state!: Assessment;
}

import { Column, Entity, PrimaryColumn } from 'typeorm';
import { RecordVersion } from '../records/record-version.js';

@Entity('statement_version')
export class StatementVersion extends RecordVersion {
  @PrimaryColumn({ name: 'statement_id', type: 'uuid' })
  statement!: string;

  @Column({ type: 'text' })
  act!: string;

  /** EDTF, as it was given; null in builds of the first release. */
  @Column({ name: 'said_at', type: 'text', nullable: true })
  saidAt!: string | null;

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
}

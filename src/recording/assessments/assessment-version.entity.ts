import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Assessment } from '../../domain/assessment.js';
import { RecordVersion } from '../records/record-version.js';

@Entity('assessment_version')
export class AssessmentVersion extends RecordVersion {
  @PrimaryColumn({ name: 'assessment_id', type: 'uuid' })
  assessment!: string;

  @Column({ type: 'json' })
  state!: Assessment;
}

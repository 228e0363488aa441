import { Entity, PrimaryColumn } from 'typeorm';
import { RecordVersion } from '../records/record-version.js';

@Entity('assessment_version')
export class AssessmentVersion extends RecordVersion {
  @PrimaryColumn({ name: 'assessment_id', type: 'uuid' })
  assessment!: string;
}

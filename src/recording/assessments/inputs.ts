import type { AssessmentInput } from '../../domain/assessment.js';
import { STANCES, type Stance } from '../../domain/stance.js';
import { Choice, LONGEST, Nested, Reference, SaidAt, Text, Texts } from '../../http/fields.js';

const conditions = { most: 50, max: LONGEST.line, optional: true } as const;
const basis = {
  most: 500,
  max: LONGEST.name,
  description: 'Ids or slugs of the statements that it rests on.',
} as const;

export class NewAssessment implements AssessmentInput {
  @Reference()
  readonly party!: string;

  @Reference()
  readonly topic!: string;

  @Choice(STANCES, { name: 'Stance' })
  readonly stance!: Stance;

  @Texts(conditions)
  readonly conditions?: readonly string[] | null;

  @SaidAt({ description: 'From when on the judgement holds: EDTF level 1.' })
  readonly asOf!: string;

  @Texts(basis)
  readonly basis!: readonly string[];

  @Text({ max: LONGEST.prose })
  readonly rationale!: string;
}

export class ChangedAssessment implements Partial<AssessmentInput> {
  @Reference({ optional: 'left-out' })
  readonly party?: string;

  @Reference({ optional: 'left-out' })
  readonly topic?: string;

  @Choice(STANCES, { optional: 'left-out', name: 'Stance' })
  readonly stance?: Stance;

  @Texts(conditions)
  readonly conditions?: readonly string[] | null;

  @SaidAt({ optional: 'left-out' })
  readonly asOf?: string;

  @Texts({ ...basis, optional: 'left-out' })
  readonly basis?: readonly string[];

  @Text({ max: LONGEST.prose, optional: 'left-out' })
  readonly rationale?: string;
}

export class AssessmentCorrection {
  @Nested(() => ChangedAssessment)
  readonly changes!: ChangedAssessment;

  @Text({ max: LONGEST.line })
  readonly reason!: string;
}

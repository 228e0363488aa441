import type { Assessed, Assessment } from '../../domain/assessment.js';
import type { Cast } from '../../domain/cast.js';
import type { Named } from '../../domain/rejection.js';

/** An assessment in answers. */
export interface AssessmentView extends Omit<Assessed, 'party' | 'topic'> {
  readonly id: string;
  readonly version: number;
  /** Of the event that first recorded it. */
  readonly sequence: number;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly party: Named;
  readonly topic: Named;
  readonly voided: { readonly reason: string } | null;
}

export function viewAssessment(
  { id, version, origin, recordedAt, recordedBy, assessed, standing }: Assessment,
  cast: Cast,
): AssessmentView {
  return {
    id,
    version,
    sequence: origin,
    recordedAt,
    recordedBy,
    ...assessed,
    party: cast.name('party', assessed.party),
    topic: cast.name('topic', assessed.topic),
    voided: standing.status === 'voided' ? { reason: standing.reason } : null,
  };
}

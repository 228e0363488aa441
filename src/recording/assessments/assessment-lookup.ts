import { validate as isUuid } from 'uuid';
import { foldAssessment, type Assessment } from '../../domain/assessment.js';
import { quote } from '../../domain/references.js';
import { Rejection } from '../../domain/rejection.js';
import type { EventLog } from '../../ledger/event-log.js';

export const ASSESSMENT = 'assessment';

/** Assessments read from the log itself. */
export class AssessmentLookup {
  constructor(private readonly log: EventLog) {}

  /** Rejects with `not-found`. */
  async require(dossier: string, id: string): Promise<Assessment> {
    const events = isUuid(id) ? await this.log.readStreams(dossier, [id]) : [];
    const assessment = foldAssessment(events.filter(({ streamKind }) => streamKind === ASSESSMENT));
    if (assessment === null)
      throw new Rejection('not-found', `There is no assessment ${quote(id)} in this dossier.`);
    return assessment;
  }
}

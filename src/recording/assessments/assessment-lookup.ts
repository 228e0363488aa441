import { validate as isUuid } from 'uuid';
import { foldAssessment, type Assessment } from '../../domain/assessment.js';
import { isRedacted, type RedactedRecord } from '../../domain/redaction.js';
import { quote } from '../../domain/references.js';
import { gone, Rejection } from '../../domain/rejection.js';
import { RecordsInLog } from '../../dossiers/records-in-log.js';
import type { EventLog } from '../../ledger/event-log.js';

export const ASSESSMENT = 'assessment';

/** Assessments read from the log itself. */
export class AssessmentLookup {
  private readonly records: RecordsInLog<Assessment>;

  constructor(log: EventLog) {
    this.records = new RecordsInLog(log, ASSESSMENT, foldAssessment);
  }

  /** The assessment, what is left of it, or null. */
  async one(dossier: string, id: string): Promise<Assessment | RedactedRecord | null> {
    const key = id.toLowerCase();
    return isUuid(id) ? ((await this.records.find(dossier, [key])).get(key) ?? null) : null;
  }

  /** Rejects with `not-found`, or with `redacted`. */
  async require(dossier: string, id: string): Promise<Assessment> {
    const assessment = await this.requireAny(dossier, id);
    if (isRedacted(assessment)) throw gone(ASSESSMENT, assessment);
    return assessment;
  }

  /** The assessment, or what is left of it. Rejects with `not-found`. */
  async requireAny(dossier: string, id: string): Promise<Assessment | RedactedRecord> {
    const assessment = await this.one(dossier, id);
    if (assessment === null)
      throw new Rejection('not-found', `There is no assessment ${quote(id)} in this dossier.`);
    return assessment;
  }

  /** As it stood at a sequence; undefined where it had not been recorded by then. */
  async at(dossier: string, id: string, sequence: number): Promise<Assessment | undefined> {
    const assessment = (await this.records.find(dossier, [id], sequence)).get(id);
    return assessment && isRedacted(assessment) ? undefined : assessment;
  }

  /** The assessments of these ids, in their order, as they stood at a sequence. */
  asKnown(dossier: string, ids: readonly string[], sequence: number): Promise<Assessment[]> {
    return this.records.inOrder(dossier, ids, sequence);
  }
}

import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  decideAssessment,
  decideAssessmentCorrection,
  POSITION_ASSESSED,
  type Assessed,
  type Assessment,
  type AssessmentInput,
  type Basis,
} from '../../domain/assessment.js';
import { differences, RECORD_CORRECTED, type RecordCorrected } from '../../domain/statement.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { requireVersion, type ExpectedVersion } from '../../dossiers/expected-version.js';
import { SURROUNDINGS, type Surroundings } from '../../dossiers/surroundings.js';
import { nextEvent } from '../../dossiers/new-event.js';
import { StatementLookup } from '../statements/statement-lookup.js';
import { Writer, type Receipt, type WriteContext } from '../../dossiers/write.js';
import { ASSESSMENT, AssessmentLookup } from './assessment-lookup.js';
import { viewAssessment, type AssessmentView } from './assessment-view.js';

export type AssessmentReceipt = AssessmentView & Receipt;

export class AssessPosition extends Command<AssessmentReceipt> {
  constructor(
    readonly dossier: string,
    readonly input: AssessmentInput,
    readonly context: WriteContext,
  ) {
    super();
  }
}

export class CorrectAssessment extends Command<AssessmentReceipt> {
  constructor(
    readonly dossier: string,
    readonly assessment: string,
    readonly changes: Partial<AssessmentInput>,
    readonly reason: string,
    readonly expected: ExpectedVersion,
    readonly context: WriteContext,
  ) {
    super();
  }
}

@CommandHandler(AssessPosition)
export class AssessPositionHandler implements ICommandHandler<AssessPosition> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly writer: Writer,
    private readonly lookup: StatementLookup,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute({ dossier, input, context }: AssessPosition): Promise<AssessmentReceipt> {
    const { id } = await this.dossiers.current(dossier);
    return this.writer.write(id, context, async () => {
      const { cast } = await this.dossiers.current(id);
      const assessed = decideAssessment(input, cast, await basisOf(this.lookup, id, input.basis));
      const { newId } = this.surroundings;
      const event = nextEvent(
        newId,
        { kind: ASSESSMENT, id: newId(), version: 1 },
        POSITION_ASSESSED,
        assessed,
      );
      const standing = { status: 'standing' } as const;
      const { recordedBy } = context.provenance;
      const assessment: Assessment = {
        id: event.streamId,
        version: 1,
        origin: 0,
        recordedAt: '',
        recordedBy,
        assessed,
        standing,
      };
      return { events: [event], answer: viewAssessment(assessment, cast) };
    });
  }
}

@CommandHandler(CorrectAssessment)
export class CorrectAssessmentHandler implements ICommandHandler<CorrectAssessment> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly writer: Writer,
    private readonly statements: StatementLookup,
    private readonly assessments: AssessmentLookup,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute({
    dossier,
    assessment,
    changes,
    reason,
    expected,
    context,
  }: CorrectAssessment): Promise<AssessmentReceipt> {
    const { id } = await this.dossiers.current(dossier);
    return this.writer.write(id, context, async () => {
      const { cast } = await this.dossiers.current(id);
      const before = await this.assessments.require(id, assessment);
      requireVersion(before.version, expected);
      const basis = await basisOf(this.statements, id, changes.basis ?? before.assessed.basis);
      const assessed = decideAssessmentCorrection(before, changes, cast, basis);
      const { party, topic, stance, conditions } = assessed;
      const data: RecordCorrected<Assessed> = {
        changes: differences(before.assessed, assessed),
        reason,
        resolved: { party, topic, stance, conditions },
        anchor: null,
      };
      const version = before.version + 1;
      const event = nextEvent(
        this.surroundings.newId,
        { kind: ASSESSMENT, id: before.id, version },
        RECORD_CORRECTED,
        data,
      );
      return {
        events: [event],
        answer: { ...viewAssessment({ ...before, version, assessed }, cast), sequence: 0 },
      };
    });
  }
}

/** What the references mean, in their order; null for one that means nothing. */
export async function basisOf(
  lookup: StatementLookup,
  dossier: string,
  references: readonly string[],
): Promise<Basis[]> {
  const found = await lookup.find(dossier, references);
  return references.map((reference) => found.get(reference) ?? null);
}

import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { quote } from '../../domain/references.js';
import { Rejection } from '../../domain/rejection.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { Reading, type KnownInput } from '../../dossiers/reading.js';
import { DEFAULT_LIMIT, type Page } from '../../http/paging.js';
import { asKnown, pageInSaidOrder } from '../records/record-version.js';
import { STATEMENTS } from '../statements/statements-projection.js';
import { AssessmentLookup } from './assessment-lookup.js';
import { AssessmentVersion } from './assessment-version.entity.js';
import { viewAssessment, type AssessmentView } from './assessment-view.js';

/** The assessments of a dossier by the date that they are as of, as known. */
export class ListAssessments extends Query<Page<AssessmentView>> {
  constructor(
    readonly dossier: string,
    readonly voided: boolean,
    readonly known: KnownInput,
    readonly limit: number = DEFAULT_LIMIT,
    readonly cursor?: string | undefined,
  ) {
    super();
  }
}

export class ShowAssessment extends Query<AssessmentView> {
  constructor(
    readonly dossier: string,
    readonly assessment: string,
    readonly known: KnownInput,
  ) {
    super();
  }
}

@QueryHandler(ListAssessments)
export class ListAssessmentsHandler implements IQueryHandler<ListAssessments> {
  constructor(
    private readonly reading: Reading,
    private readonly database: DataSource,
    private readonly lookup: AssessmentLookup,
  ) {}

  async execute({
    dossier: reference,
    voided,
    known,
    limit,
    cursor,
  }: ListAssessments): Promise<Page<AssessmentView>> {
    const view = await this.reading.view(reference, STATEMENTS, known);
    const rows = asKnown(this.database.getRepository(AssessmentVersion).createQueryBuilder('v'), view);
    if (!voided) rows.andWhere('NOT v.voided');
    const { items, next } = await pageInSaidOrder(rows, cursor, limit);
    const ids = items.map(({ assessment }) => assessment);
    const { id, cast } = view.dossier;
    const assessments = await this.lookup.asKnown(id, ids, view.known.sequence);
    return { items: assessments.map((each) => viewAssessment(each, cast)), next };
  }
}

@QueryHandler(ShowAssessment)
export class ShowAssessmentHandler implements IQueryHandler<ShowAssessment> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly reading: Reading,
    private readonly lookup: AssessmentLookup,
  ) {}

  async execute({ dossier, assessment, known }: ShowAssessment): Promise<AssessmentView> {
    const state = await this.dossiers.current(dossier);
    const { sequence } = await this.reading.known(state, known);
    const { id } = await this.lookup.require(state.id, assessment);
    const found = await this.lookup.at(state.id, id, sequence);
    if (found === undefined)
      throw new Rejection(
        'not-found',
        `Assessment ${quote(assessment)} had not been recorded by event ${sequence}.`,
      );
    return viewAssessment(found, state.cast);
  }
}

import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { DataSource } from 'typeorm';
import { Dossiers } from '../../dossiers/dossiers.js';
import { Reading, type KnownInput } from '../../dossiers/reading.js';
import { DEFAULT_LIMIT, pageOf, readCursor, type Page } from '../../http/paging.js';
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
  ) {
    super();
  }
}

@QueryHandler(ListAssessments)
export class ListAssessmentsHandler implements IQueryHandler<ListAssessments> {
  constructor(
    private readonly reading: Reading,
    private readonly database: DataSource,
  ) {}

  async execute({
    dossier: reference,
    voided,
    known: input,
    limit,
    cursor,
  }: ListAssessments): Promise<Page<AssessmentView>> {
    const after = readCursor(cursor, ['number', 'number']);
    const { dossier, build, known } = await this.reading.view(reference, STATEMENTS, input);
    const rows = this.database
      .getRepository(AssessmentVersion)
      .createQueryBuilder('v')
      .where('v.dossier = :dossier AND v.build = :build', { dossier: dossier.id, build })
      .andWhere('v.knownFrom <= :known AND (v.knownTo IS NULL OR v.knownTo > :known)', {
        known: known.sequence,
      });
    if (!voided) rows.andWhere('NOT v.voided');
    if (after !== null)
      rows.andWhere('(v.said, v.origin) > (:said::timestamptz, :origin)', {
        said: new Date(after[0]).toISOString(),
        origin: after[1],
      });
    const found = await rows
      .orderBy('v.said')
      .addOrderBy('v.origin')
      .limit(limit + 1)
      .getMany();
    return pageOf(
      found,
      limit,
      (row) => [row.said.getTime(), row.origin],
      ({ state }) => viewAssessment(state, dossier.cast),
    );
  }
}

@QueryHandler(ShowAssessment)
export class ShowAssessmentHandler implements IQueryHandler<ShowAssessment> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly lookup: AssessmentLookup,
  ) {}

  async execute({ dossier, assessment }: ShowAssessment): Promise<AssessmentView> {
    const { id, cast } = await this.dossiers.current(dossier);
    return viewAssessment(await this.lookup.require(id, assessment), cast);
  }
}

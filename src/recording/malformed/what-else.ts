import { Inject, Injectable } from '@nestjs/common';
import { findBesidesInAssessment, type AssessmentInput, type Basis } from '../../domain/assessment.js';
import { findBesides } from '../../domain/record-statement.js';
import { isRedacted } from '../../domain/redaction.js';
import type { Finding } from '../../domain/rejection.js';
import type { DossierState } from '../../dossiers/casts.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { SURROUNDINGS, type Surroundings } from '../../dossiers/surroundings.js';
import type { BodyType, Malformed } from '../../http/body-checker.js';
import { basisOf } from '../assessments/assess-position.js';
import { AssessmentLookup } from '../assessments/assessment-lookup.js';
import { AssessmentCorrection, NewAssessment } from '../assessments/inputs.js';
import { SpeakerChanges, SpeakerInput } from '../cast/inputs.js';
import { findBesidesInSpeaker } from '../cast/things.js';
import { Drafting } from '../statements/drafting.js';
import { Correction, NewStatement, NewStatements } from '../statements/inputs.js';
import { SourceTexts } from '../statements/source-texts.js';
import { StatementLookup } from '../statements/statement-lookup.js';
import { findBesidesInBatch } from './batch.js';
import { pathsUnder } from './paths.js';

/** Where a body was sent: to a dossier, or to what of it the body would correct. */
export interface Address {
  readonly dossier: string;
  readonly id?: string;
}

/** A malformed body. `malformed`: the paths of what is wrong with it, so that all else is as its class says. */
interface Question {
  readonly body: object;
  readonly malformed: ReadonlySet<string>;
  readonly dossier: DossierState;
  readonly id: string;
}

/**
 * What else is wrong with a malformed body, as far as its other fields and the dossier tell. Whoever sent it hears at once of every bad field,
 * also of those that refer to nothing or that the act requires.
 */
@Injectable()
export class WhatElse {
  private readonly looks = new Map<BodyType<object>, (question: Question) => Promise<readonly Finding[]>>([
    [NewStatement, ({ body, malformed, dossier }) => this.drafting(dossier).findBesides(body, malformed)],
    [NewStatements, (question) => this.inBatch(question)],
    [Correction, (question) => this.inCorrection(question)],
    [NewAssessment, (question) => this.inAssessment(question)],
    [AssessmentCorrection, (question) => this.inAssessmentCorrection(question)],
    [SpeakerInput, (question) => this.inSpeaker(question)],
    [SpeakerChanges, (question) => this.inSpeaker(question)],
  ]);

  constructor(
    private readonly dossiers: Dossiers,
    private readonly statements: StatementLookup,
    private readonly assessments: AssessmentLookup,
    private readonly texts: SourceTexts,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  /** Rejects with `not-found` where there is no such dossier. */
  async besides(
    { type, body, paths }: Malformed,
    { dossier, id = '' }: Address,
  ): Promise<readonly Finding[]> {
    const look = this.looks.get(type);
    if (look === undefined || typeof body !== 'object' || body === null || paths.has('')) return [];
    return look({ body, malformed: paths, dossier: await this.dossiers.current(dossier), id });
  }

  private drafting({ id: dossier, cast }: DossierState): Drafting {
    const { statements: lookup, texts, surroundings } = this;
    return new Drafting({ lookup, texts, newId: surroundings.newId, dossier, cast, recordedBy: '' });
  }

  private async inBatch({ body, malformed, dossier }: Question): Promise<readonly Finding[]> {
    if (malformed.has('statements')) return [];
    const { statements } = body as NewStatements; // holds: it is not among the malformed
    return findBesidesInBatch(statements, malformed, this.drafting(dossier));
  }

  private async inCorrection({ body, malformed, dossier, id }: Question): Promise<readonly Finding[]> {
    const before = await this.statements.one(dossier.id, id);
    if (malformed.has('changes') || before === null || isRedacted(before)) return [];
    const { changes } = body as Correction; // holds: it is not among the malformed
    const paths = pathsUnder('changes', malformed);
    const { refersTo = before.stated.refersTo } = paths.has('refersTo') ? {} : changes;
    const referred = refersTo ? await this.statements.one(dossier.id, refersTo) : null;
    return findBesides(changes, paths, { cast: dossier.cast, referred }, before);
  }

  private async inAssessment({ body, malformed, dossier }: Question): Promise<readonly Finding[]> {
    const basis = await this.basis(body, malformed, dossier);
    return findBesidesInAssessment(body, malformed, dossier.cast, basis);
  }

  private async inAssessmentCorrection({
    body,
    malformed,
    dossier,
    id,
  }: Question): Promise<readonly Finding[]> {
    const before = await this.assessments.one(dossier.id, id);
    if (malformed.has('changes') || before === null || isRedacted(before)) return [];
    const { changes } = body as AssessmentCorrection; // holds: it is not among the malformed
    const paths = pathsUnder('changes', malformed);
    const basis = await this.basis(changes, paths, dossier);
    return findBesidesInAssessment(changes, paths, dossier.cast, basis, before.assessed);
  }

  /** What the references of a basis mean; nothing is looked up for those that are malformed. */
  private async basis(body: object, malformed: ReadonlySet<string>, { id }: DossierState): Promise<Basis[]> {
    const { basis = [] } = malformed.has('basis') ? {} : (body as Partial<AssessmentInput>); // holds: it is not among the malformed
    return basisOf(
      this.statements,
      id,
      basis.map((each, index) => (malformed.has(`basis.${index}`) ? '' : each)),
    );
  }

  private inSpeaker({ body, malformed, dossier }: Question): Promise<readonly Finding[]> {
    return Promise.resolve(findBesidesInSpeaker(body, malformed, dossier.cast));
  }
}

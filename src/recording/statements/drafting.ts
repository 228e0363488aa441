import type { Act } from '../../domain/acts.js';
import type { Cast } from '../../domain/cast.js';
import { decideStatement, findBesides, type StatementInput } from '../../domain/record-statement.js';
import type { RedactedRecord } from '../../domain/redaction.js';
import type { Finding } from '../../domain/rejection.js';
import type { Statement, StatementRecorded } from '../../domain/statement.js';
import { nextEvent } from '../../dossiers/new-event.js';
import type { Decision, Receipt } from '../../dossiers/write.js';
import type { SourceTexts } from './source-texts.js';
import { STATEMENT, type StatementLookup } from './statement-lookup.js';
import { viewStatement, type StatementView } from './statement-view.js';

/** The answer to a write that concerns a statement. */
export type StatementReceipt = StatementView & Receipt;

/** A new statement that has been decided but not yet appended. */
export interface Draft extends Decision<StatementReceipt> {
  readonly statement: Statement;
}

export interface DraftingOptions {
  readonly lookup: StatementLookup;
  readonly texts: SourceTexts;
  readonly newId: () => string;
  readonly dossier: string;
  readonly cast: Cast;
  readonly recordedBy: string;
}

/** Drafts new statements one after another: each may refer to those before it although none is in the log yet. */
export class Drafting {
  private readonly drafted = new Map<string, Statement>();
  private readonly found = new Map<string, Statement | RedactedRecord>();

  constructor(private readonly options: DraftingOptions) {}

  /** Reads what these inputs refer to in one go. Optional, but a draft that was not prepared reads for itself. */
  async prepare(inputs: readonly StatementInput[]): Promise<void> {
    const { lookup, dossier } = this.options;
    const references = inputs.flatMap(({ refersTo }) =>
      refersTo && !this.drafted.has(refersTo) ? [refersTo] : [],
    );
    for (const [reference, statement] of await lookup.find(dossier, references))
      this.found.set(reference, statement);
  }

  /** Decides a statement. `offset`: how many events stand before it in the same append. Rejects with everything that is wrong with it. */
  async draft(input: StatementInput, offset: number): Promise<Draft> {
    const { cast, dossier, texts } = this.options;
    const referred = input.refersTo ? await this.referred(input.refersTo) : null;
    const { stated, resolved } = decideStatement(input, { cast, referred });
    const anchor = await texts.locate(dossier, cast, stated);
    const { act, ...rest } = stated;
    const data: StatementRecorded = { slug: input.slug ?? null, stated: rest, resolved, anchor };
    return this.decision(act, data, referred, offset);
  }

  /** What else is wrong with a statement that has malformed fields, whose paths these are. */
  async findBesides(input: object, malformed: ReadonlySet<string>): Promise<readonly Finding[]> {
    const { refersTo } = input as Pick<StatementInput, 'refersTo'>; // holds: unless it is among the malformed
    const referred = refersTo && !malformed.has('refersTo') ? await this.referred(refersTo) : null;
    return findBesides(input, malformed, { cast: this.options.cast, referred });
  }

  /** Lets later drafts refer to this one. Call it once the draft is sure to be submitted before them. */
  keep({ statement }: Draft): void {
    this.drafted.set(statement.id, statement);
    if (statement.slug !== null) this.drafted.set(statement.slug, statement);
  }

  private decision(
    act: Act,
    data: StatementRecorded,
    referred: { readonly id: string; readonly version: number } | null,
    offset: number,
  ): Draft {
    const { newId, cast, recordedBy } = this.options;
    const event = nextEvent(newId, { kind: STATEMENT, id: newId(), version: 1 }, act, data);
    const { slug, stated, resolved, anchor } = data;
    const statement: Statement = {
      id: event.streamId,
      slug,
      version: 1,
      origin: offset,
      recordedAt: '',
      recordedBy,
      stated: { act, ...stated },
      resolved,
      anchor,
      standing: { status: 'standing' },
    };
    return {
      events: [event],
      guards: referred === null ? [] : [{ streamId: referred.id, version: referred.version }],
      claims: slug === null ? [] : [{ name: `${STATEMENT}/${slug}`, streamId: event.streamId }],
      answer: viewStatement(statement, cast),
      statement,
    };
  }

  private async referred(reference: string): Promise<Statement | RedactedRecord | null> {
    const { lookup, dossier } = this.options;
    return this.drafted.get(reference) ?? this.found.get(reference) ?? (await lookup.one(dossier, reference));
  }
}

import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { StatementInput } from '../../domain/record-statement.js';
import type { Cast } from '../../domain/cast.js';
import { Rejection, under } from '../../domain/rejection.js';
import type { KnownCast } from '../../dossiers/casts.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import type { NewEvent } from '../../ledger/event.js';
import { SURROUNDINGS, type Surroundings } from '../../dossiers/surroundings.js';
import { Writer, type Decision, type Receipt, type WriteContext } from '../../dossiers/write.js';
import { Drafting, type Draft, type StatementReceipt } from './drafting.js';
import { SourceTexts } from './source-texts.js';
import { StatementLookup } from './statement-lookup.js';

export class RecordStatement extends Command<StatementReceipt> {
  constructor(
    readonly dossier: string,
    readonly input: StatementInput,
    readonly context: WriteContext,
  ) {
    super();
  }
}

export interface BatchReceipt extends Receipt {
  readonly statements: readonly StatementReceipt[];
}

/** Records several statements, all or none, each able to refer by slug to those before it. */
export class RecordStatements extends Command<BatchReceipt> {
  constructor(
    readonly dossier: string,
    readonly inputs: readonly StatementInput[],
    readonly context: WriteContext,
  ) {
    super();
  }
}

@CommandHandler(RecordStatement)
export class RecordStatementHandler implements ICommandHandler<RecordStatement> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly writer: Writer,
    private readonly lookup: StatementLookup,
    private readonly texts: SourceTexts,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute({ dossier: reference, input, context }: RecordStatement): Promise<StatementReceipt> {
    const known = this.dossiers.known(reference);
    const { id: dossier } = known ?? (await this.dossiers.current(reference));
    return this.writer.write(dossier, context, async (again) => {
      const decided = again || known === null ? null : await this.decideOn(known, input, context);
      if (decided !== null) return decided;
      const { cast } = await this.dossiers.current(dossier);
      return this.drafting(dossier, cast, context).draft(input, 0);
    });
  }

  /** On what this process knew a moment ago; null where it refuses that, since what it lacks may have been recorded elsewhere meanwhile. */
  private async decideOn(
    { id, cast, knownCast }: KnownCast,
    input: StatementInput,
    context: WriteContext,
  ): Promise<Decision<StatementReceipt> | null> {
    try {
      return { ...(await this.drafting(id, cast, context).draft(input, 0)), knownCast };
    } catch (error) {
      if (error instanceof Rejection) return null;
      throw error;
    }
  }

  private drafting(dossier: string, cast: Cast, { provenance: { recordedBy } }: WriteContext): Drafting {
    const { lookup, texts, surroundings } = this;
    return new Drafting({ lookup, texts, newId: surroundings.newId, dossier, cast, recordedBy });
  }
}

@CommandHandler(RecordStatements)
export class RecordStatementsHandler implements ICommandHandler<RecordStatements> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly writer: Writer,
    private readonly lookup: StatementLookup,
    private readonly texts: SourceTexts,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute({ dossier: reference, inputs, context }: RecordStatements): Promise<BatchReceipt> {
    const { id: dossier } = await this.dossiers.current(reference);
    const { lookup, texts, surroundings } = this;
    return this.writer.write(dossier, context, async () => {
      const { cast } = await this.dossiers.current(dossier);
      const drafting = new Drafting({
        lookup,
        texts,
        newId: surroundings.newId,
        dossier,
        cast,
        recordedBy: context.provenance.recordedBy,
      });
      await drafting.prepare(inputs);
      return together(await draftAll(drafting, inputs));
    });
  }
}

/** Drafts all, or rejects with everything that is wrong with any of them. */
async function draftAll(drafting: Drafting, inputs: readonly StatementInput[]): Promise<Draft[]> {
  const drafts: Draft[] = [];
  const refused: Rejection[] = [];
  for (const [index, input] of inputs.entries()) {
    try {
      const draft = await drafting.draft(input, index);
      drafting.keep(draft);
      drafts.push(draft);
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      refused.push(inBatch(error, index));
    }
  }
  const [first] = refused;
  if (first !== undefined)
    throw new Rejection(
      first.code,
      refused
        .map(({ message }) => message)
        .slice(0, 10)
        .join('; '),
      refused.flatMap(({ errors }) => errors),
    );
  return drafts;
}

function inBatch({ code, message, errors }: Rejection, index: number): Rejection {
  const place = `statements.${index}`;
  return new Rejection(code, `${place}: ${message}`, under(place, errors));
}

function together(drafts: readonly Draft[]): Decision<BatchReceipt> {
  const [first, ...others] = drafts.flatMap(({ events }) => events);
  if (first === undefined) throw new RangeError('A batch holds at least one statement.');
  const events: [NewEvent, ...NewEvent[]] = [first, ...others];
  const claims = drafts.flatMap(({ claims: each = [] }, index) =>
    each.map((claim) => ({ ...claim, path: `statements.${index}.slug` })),
  );
  const repeated = claims.find(
    ({ name }, index) => claims.findIndex((other) => other.name === name) !== index,
  );
  if (repeated !== undefined) {
    const message = `Two statements of the batch have the slug ${repeated.name.split('/')[1]}.`;
    const later = claims.findLast(({ name }) => name === repeated.name)?.path ?? 'slug';
    throw new Rejection('slug-taken', message, [{ path: later, message: 'is that of another of the batch' }]);
  }
  const answer = {
    sequence: drafts.length - 1,
    recordedAt: '',
    statements: drafts.map((draft) => draft.answer),
  };
  return { events, claims, guards: outside(drafts), answer };
}

/** Guards on statements that the batch itself records would ask for what is not there yet. */
function outside(drafts: readonly Draft[]): { streamId: string; version: number }[] {
  const own = new Set(drafts.map(({ statement }) => statement.id));
  return drafts.flatMap(({ guards }) => (guards ?? []).filter(({ streamId }) => !own.has(streamId)));
}

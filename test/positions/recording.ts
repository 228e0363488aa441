import { randomUUID } from 'node:crypto';
import type { StatementInput } from '../../src/domain/record-statement.js';
import { POSITIONS } from '../../src/entries/positions-projection.js';
import { AssessPosition, CorrectAssessment } from '../../src/recording/assessments/assess-position.js';
import { AddThing } from '../../src/recording/cast/add-thing.js';
import { ChangeThing } from '../../src/recording/cast/change-thing.js';
import { OpenDossier } from '../../src/recording/dossiers/open-dossier.js';
import { ImportStream } from '../../src/recording/import/import-stream.js';
import { Redact } from '../../src/recording/redaction/redact.js';
import { SetStanding } from '../../src/recording/records/set-standing.js';
import { CorrectStatement } from '../../src/recording/statements/correct-statement.js';
import { RecordStatement, RecordStatements } from '../../src/recording/statements/record-statements.js';
import type { WriteContext } from '../../src/dossiers/write.js';
import type { RecordedEvent } from '../../src/ledger/event.js';
import type { Clockwork } from '../support/core-clockwork.js';
import type { Core } from '../support/core.js';
import { inputOf, judgementOf, named, referenceOf } from './inputs.js';
import type { Affiliation, Changes, Draft, Judgement, Manner, SetUp, Step } from './steps.js';
import { corrected, pickFrom, say, type Assessed, type Said, type World } from './world.js';

/** Carries out what happens to one dossier by the service's own commands, and keeps account of what it should know. */
export class Recording {
  readonly world: World;
  private slugs = 0;

  private constructor(
    private readonly core: Core,
    private readonly clockwork: Clockwork,
    readonly dossier: string,
    readonly setUp: SetUp,
  ) {
    const { parties, topics, speakers } = setUp;
    const affiliations = speakers.map((each) => each.map((one) => within(one, parties)));
    this.world = { parties, topics, affiliations, statements: [], assessments: [] };
  }

  static async begin(core: Core, clockwork: Clockwork, setUp: SetUp): Promise<Recording> {
    clockwork.restart(randomUUID());
    const opening = { slug: null, title: 'Talks', description: null };
    const { id } = await core.execute(new OpenDossier(opening, context()));
    const recording = new Recording(core, clockwork, id, setUp);
    await recording.cast();
    return recording;
  }

  async take(step: Step): Promise<void> {
    this.clockwork.tick(step.tick);
    switch (step.kind) {
      case 'record':
        return this.record(step.manner, step.drafts, step.chunk);
      case 'correct':
        return this.correct(pickFrom(this.correctable(step.record), step.record), step.changes);
      case 'void or restore':
        return this.turn(pickFrom(this.turnable(step.record), step.record));
      case 'redact':
        return this.redact(pickFrom(standing(this.records()), step.record));
      case 'assess':
        return this.assess(step.judgement, step.basis);
      case 'reassess':
        return this.reassess(pickFrom(standing(this.world.assessments), step.record), step.changes);
      case 'affiliate':
        return this.affiliate(step.speaker % this.world.affiliations.length, step.affiliations);
      case 'rebuild':
        return this.core.rebuild(this.dossier, POSITIONS);
      default:
        return step satisfies never;
    }
  }

  private async cast(): Promise<void> {
    const { parties, topics, affiliations } = this.world;
    const things = [
      ...count(parties).map((n) => ({
        kind: 'party' as const,
        input: { slug: `party-${n}`, name: `Party ${n}`, aliases: [`The ${n}th Power`] },
      })),
      ...count(topics).map((n) => ({
        kind: 'topic' as const,
        input: { slug: `topic-${n}`, name: `Topic ${n}`, proposition: `Topic ${n} comes about` },
      })),
      ...affiliations.map((each, n) => ({
        kind: 'speaker' as const,
        input: {
          slug: `speaker-${n}`,
          name: `Speaker ${n}`,
          aliases: [`Mr ${n}`],
          affiliations: each.map(named),
        },
      })),
    ];
    if (this.setUp.imported)
      await this.import(
        things.map(({ kind, input }) => ({ kind, ...input })),
        100,
      );
    else
      for (const { kind, input } of things)
        await this.core.execute(new AddThing(this.dossier, kind, input, context()));
  }

  private async record(manner: Manner, drafts: readonly Draft[], chunk: number): Promise<void> {
    const { statements } = this.world;
    const together: Said[] = [];
    const inputs: StatementInput[] = [];
    for (const draft of drafts) {
      const slug = draft.slugged || manner !== 'one by one' ? `said-${this.slugs++}` : null;
      const said = say(this.world, draft, slug);
      const input = inputOf(said, draft.naming);
      if (manner === 'one by one') {
        const { id } = await this.core.execute(new RecordStatement(this.dossier, input, context()));
        said.id = id;
      }
      if (manner === 'at the same time') together.push(said);
      else statements.push(said);
      inputs.push(input);
    }
    if (manner === 'one by one') return;
    const ids = await this.ids(manner, inputs, chunk);
    statements.push(...together);
    for (const [index, said] of statements.slice(-inputs.length).entries()) said.id = ids[index] ?? null;
  }

  private async ids(
    manner: Exclude<Manner, 'one by one'>,
    inputs: readonly StatementInput[],
    chunk: number,
  ): Promise<string[]> {
    if (manner === 'import') return this.import(inputs, chunk);
    if (manner === 'batch') {
      const { statements } = await this.core.execute(new RecordStatements(this.dossier, inputs, context()));
      return statements.map(({ id }) => id);
    }
    const receipts = await Promise.all(
      inputs.map((input) => this.core.execute(new RecordStatement(this.dossier, input, context()))),
    );
    return receipts.map(({ id }) => id);
  }

  private async import(lines: readonly object[], chunk: number): Promise<string[]> {
    const text = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    const results = await this.core.execute(
      new ImportStream(this.dossier, inChunks(text, chunk), false, context()),
    );
    const ids: string[] = [];
    for await (const result of results) {
      if (!('id' in result)) throw new Error(`A line was refused: ${JSON.stringify(result)}`);
      ids.push(result.id);
    }
    return ids;
  }

  private async correct(before: Said | null, changes: Changes): Promise<void> {
    if (before === null) return;
    const { after, fields } = corrected(this.world, before, changes);
    if (same(before, after)) return;
    const input = inputOf(after, fields.length);
    const changed = Object.fromEntries(
      Object.entries(input).filter(([field]) => fields.includes(field)),
    ) as Partial<StatementInput>; // holds: fields of an input
    await this.core.execute(
      new CorrectStatement(this.dossier, referenceOf(before), changed, 'Misread.', null, context()),
    );
    Object.assign(before, after);
  }

  /** What every statement must have been resolved to by now: by the affiliations, by what it answers and by corrections, each as it was at the time. */
  resolutions(): Resolutions {
    return Object.fromEntries(standing(this.world.statements).map(({ id, resolved }) => [id, resolved]));
  }

  /** The statements that may be corrected: every other time only answers and what they answer, if there are any, since the one rests on the other. */
  private correctable(often: number): Said[] {
    const statements = standing(this.world.statements);
    const answered = new Set(statements.map(({ refersTo }) => refersTo));
    const related = statements.filter((said) => said.refersTo !== null || answered.has(said));
    return often % 2 === 1 && related.length > 0 ? related : statements;
  }

  /** The records that may be voided or restored: every other time only those that have been voided, if any have. */
  private turnable(often: number): (Said | Assessed)[] {
    const records = standing(this.records());
    const voided = records.filter((record) => record.voided);
    return often % 2 === 1 && voided.length > 0 ? voided : records;
  }

  private records(): (Said | Assessed)[] {
    return [...this.world.statements, ...this.world.assessments];
  }

  private async redact(record: Said | Assessed | null): Promise<void> {
    if (record === null || record.id === null) return;
    const kind = 'act' in record ? 'statement' : 'assessment';
    await this.core.execute(
      new Redact(this.dossier, kind, record.id, { reason: 'By law.' }, null, context()),
    );
    record.redacted = true;
  }

  private async turn(record: Said | Assessed | null): Promise<void> {
    if (record === null || record.id === null) return;
    const kind = 'act' in record ? 'statement' : 'assessment';
    const to = record.voided ? 'standing' : 'voided';
    await this.core.execute(
      new SetStanding(to, this.dossier, kind, record.id, 'Wrong outlet.', null, context()),
    );
    record.voided = !record.voided;
  }

  private async assess(wanted: Judgement, basis: readonly number[]): Promise<void> {
    const { statements, assessments } = this.world;
    const judgement = this.within(wanted);
    const input = {
      ...judgementOf(judgement),
      basis: basis.flatMap((each) => pickFrom(standing(statements), each)?.id ?? []),
      rationale: 'By all that was said.',
    };
    const { id } = await this.core.execute(new AssessPosition(this.dossier, input, context()));
    assessments.push({ id, judgement, voided: false, redacted: false });
  }

  private async reassess(assessed: Assessed | null, wanted: Partial<Judgement>): Promise<void> {
    if (assessed === null) return;
    const after = this.within({ ...assessed.judgement, ...wanted });
    if (JSON.stringify(after) === JSON.stringify(assessed.judgement)) return;
    const changes = Object.fromEntries(
      Object.entries(judgementOf(after)).filter(([field]) => field in wanted),
    );
    await this.core.execute(
      new CorrectAssessment(this.dossier, assessed.id, changes, 'Misjudged.', null, context()),
    );
    assessed.judgement = after;
  }

  private async affiliate(speaker: number, wanted: readonly Affiliation[]): Promise<void> {
    const after = wanted.map((each) => within(each, this.world.parties));
    if (JSON.stringify(after) === JSON.stringify(this.world.affiliations[speaker])) return;
    const changes = { affiliations: after.map(named) };
    await this.core.execute(
      new ChangeThing(this.dossier, 'speaker', `speaker-${speaker}`, changes, null, context()),
    );
    this.world.affiliations[speaker] = after;
  }

  private within({ party, topic, stance, conditions, asOf }: Judgement): Judgement {
    const { parties, topics } = this.world;
    return { party: party % parties, topic: topic % topics, stance, conditions, asOf };
  }
}

function context(): WriteContext {
  return {
    provenance: { recordedBy: 'recorder', correlationId: randomUUID(), causationId: null },
    idempotency: null,
  };
}

/** Those that were not erased. */
function standing<Record extends Said | Assessed>(records: readonly Record[]): Record[] {
  return records.filter(({ redacted }) => !redacted);
}

function within(affiliation: Affiliation, parties: number): Affiliation {
  return { ...affiliation, party: affiliation.party % parties };
}

function same(before: Said, after: Said): boolean {
  return Object.entries(after).every(([field, value]) => {
    const old: unknown = before[field as keyof Said]; // holds: both have the same fields
    return value === old || (field !== 'refersTo' && JSON.stringify(value) === JSON.stringify(old));
  });
}

function count(many: number): number[] {
  return Array.from({ length: many }, (_, index) => index);
}

/** A statement's party and topic, as numbers. */
type Resolutions = Record<string, Said['resolved']>;

/** What every statement was last resolved to, by its events. */
export function resolutionsIn(events: readonly RecordedEvent[]): Resolutions {
  const ids = (type: string): string[] =>
    events.filter((event) => event.type === type).map(({ streamId }) => streamId);
  const [parties, topics] = [ids('PartyAdded'), ids('TopicAdded')];
  const number = (known: readonly string[], id: string | null): number | null =>
    id === null ? null : known.indexOf(id);
  return Object.fromEntries(
    events.flatMap(({ streamKind, streamId, data }) => {
      const { resolved } = (data ?? {}) as { resolved?: Record<'party' | 'topic', string | null> }; // holds: data are JSON objects, and those of a statement's stream carry it or not
      if (streamKind !== 'statement' || resolved === undefined) return [];
      return [[streamId, { party: number(parties, resolved.party), topic: number(topics, resolved.topic) }]];
    }),
  );
}

async function* inChunks(text: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size);
}

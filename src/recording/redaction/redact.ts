import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { THING_KINDS, type SourceText, type ThingKind } from '../../domain/cast.js';
import { isRedacted, PAYLOAD_REDACTED, type PayloadRedacted } from '../../domain/redaction.js';
import { gone } from '../../domain/rejection.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { requireVersion, type ExpectedVersion } from '../../dossiers/expected-version.js';
import { nextEvent } from '../../dossiers/new-event.js';
import { Reading } from '../../dossiers/reading.js';
import { RedactionWatch } from '../../dossiers/redaction-watch.js';
import { SURROUNDINGS, type Surroundings } from '../../dossiers/surroundings.js';
import { Writer, type Receipt, type WriteContext } from '../../dossiers/write.js';
import { POSITIONS } from '../../entries/positions-projection.js';
import type { RecordedEvent } from '../../ledger/event.js';
import { EventLog } from '../../ledger/event-log.js';
import { LEDGER } from '../../ledger/proof/leaves-projection.js';
import { AssessmentLookup } from '../assessments/assessment-lookup.js';
import { findThing } from '../cast/change-thing.js';
import type { RecordKind } from '../records/set-standing.js';
import { STATEMENT, StatementLookup } from '../statements/statement-lookup.js';
import { STATEMENTS } from '../statements/statements-projection.js';
import { WORDS } from '../statements/words-projection.js';

export type RedactableKind = RecordKind | ThingKind;

/** Whose rows repeat what was recorded. */
const DERIVED = [STATEMENTS, WORDS, POSITIONS];

export interface RedactionReceipt extends Receipt {
  readonly id: string;
  readonly version: number;
  readonly recordedBy: string;
  readonly redacted: PayloadRedacted;
}

/** Erases what the law orders erased of a record or a thing, for ever and at every state of knowledge. The log says that, when, by whom and why. */
export class Redact extends Command<RedactionReceipt> {
  constructor(
    readonly dossier: string,
    readonly kind: RedactableKind,
    readonly reference: string,
    readonly order: { readonly reason: string; readonly basis?: string | null },
    readonly expected: ExpectedVersion,
    readonly context: WriteContext,
  ) {
    super();
  }
}

@CommandHandler(Redact)
export class RedactHandler implements ICommandHandler<Redact> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly reading: Reading,
    private readonly writer: Writer,
    private readonly log: EventLog,
    private readonly watch: RedactionWatch,
    private readonly statements: StatementLookup,
    private readonly assessments: AssessmentLookup,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute({ dossier, kind, reference, order, expected, context }: Redact): Promise<RedactionReceipt> {
    const { id } = await this.dossiers.current(dossier);
    const receipt = await this.writer.write(id, context, async () => {
      const stream = await this.find(id, kind, reference);
      requireVersion(stream.version, expected);
      const version = stream.version + 1;
      const { reason, basis = null } = order;
      const redacted: PayloadRedacted = { sequences: await this.sequences(id, stream.id), reason, basis };
      const { newId } = this.surroundings;
      const event = nextEvent(newId, { kind, id: stream.id, version }, PAYLOAD_REDACTED, redacted);
      const { recordedBy } = context.provenance;
      return {
        events: [event],
        answer: { id: stream.id, version, sequence: 0, recordedAt: '', recordedBy, redacted },
      };
    });
    // The order is durable. It is carried out with the making of its leaf (LeavesProjection), by whichever process comes to it.
    await this.reading.reach(id, LEDGER, receipt.sequence);
    // What was derived of it goes with it; the index of words would otherwise take a minute's leave.
    await Promise.all(DERIVED.map((projection) => this.reading.reach(id, projection, receipt.sequence)));
    await this.watch.look();
    return receipt;
  }

  /** Rejects with `not-found`, or with `redacted` where it has been erased already. */
  private async find(
    dossier: string,
    kind: RedactableKind,
    reference: string,
  ): Promise<{ readonly id: string; readonly version: number }> {
    if (isThing(kind)) {
      const { cast } = await this.dossiers.current(dossier);
      const { id, version, redacted } = findThing(cast, kind, reference);
      if (redacted) throw gone(kind, { id, version, redacted });
      return { id, version };
    }
    const lookup = kind === STATEMENT ? this.statements : this.assessments;
    const record = await lookup.requireAny(dossier, reference);
    if (isRedacted(record)) throw gone(kind, record);
    return record;
  }

  /** Every event of the stream, and of the texts of a source, which have streams of their own. All of them carry content: who changed what, and why. */
  private async sequences(dossier: string, stream: string): Promise<number[]> {
    const events = await this.log.readStreams(dossier, [stream]);
    const texts = events.flatMap(textsIn);
    const further = texts.length === 0 ? [] : await this.log.readStreams(dossier, texts);
    return [...events, ...further].map(({ sequence }) => sequence).toSorted((one, other) => one - other);
  }
}

function isThing(kind: RedactableKind): kind is ThingKind {
  return THING_KINDS.some((each) => each === kind);
}

/** The streams of the texts that a source's event names; none where another order has just hidden it, whose version then refuses this one. */
function textsIn({ streamKind, data }: RecordedEvent): string[] {
  if (streamKind !== 'source' || data === null) return [];
  const { text, from, to } = data as Partial<Record<'text' | 'from' | 'to', unknown>>; // holds: data are objects, each field of which may be anything
  return [text, from, to].flatMap((each) => (isText(each) ? [each.streamId] : []));
}

function isText(value: unknown): value is SourceText {
  return typeof value === 'object' && value !== null && 'streamId' in value && 'sha256' in value;
}

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Inject } from '@nestjs/common';
import { Cast, type ThingKind, type ThingOf } from '../../domain/cast.js';
import { quote } from '../../domain/references.js';
import { gone, Rejection } from '../../domain/rejection.js';
import { CHANGED, takeIntoCast } from '../../domain/set-up.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import type { NewEvent } from '../../ledger/event.js';
import { SURROUNDINGS, type Surroundings } from '../../dossiers/surroundings.js';
import { nextEvent } from '../../dossiers/new-event.js';
import { Writer, type Decision, type WriteContext } from '../../dossiers/write.js';
import type { ThingReceipt } from './add-thing.js';
import { requireVersion, type ExpectedVersion } from '../../dossiers/expected-version.js';
import { VIEWS } from './thing-view.js';
import { ALTERATIONS, type ChangesOf } from './things.js';

export class ChangeThing<Kind extends ThingKind = ThingKind> extends Command<ThingReceipt<Kind>> {
  constructor(
    readonly dossier: string,
    readonly kind: Kind,
    readonly reference: string,
    readonly changes: ChangesOf[Kind],
    readonly expected: ExpectedVersion,
    readonly context: WriteContext,
  ) {
    super();
  }
}

/** Renames, rewords and so on: each field that differs becomes an event of its own. */
@CommandHandler(ChangeThing)
export class ChangeThingHandler implements ICommandHandler<ChangeThing> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly writer: Writer,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute({
    dossier,
    kind,
    reference,
    changes,
    expected,
    context,
  }: ChangeThing): Promise<ThingReceipt> {
    const { id } = await this.dossiers.current(dossier);
    return this.writer.write(id, context, async () => {
      const { cast } = await this.dossiers.current(id);
      const thing = findThing(cast, kind, reference);
      const { id: thingId, version, redacted } = thing;
      if (redacted) throw gone(kind, { id: thingId, version, redacted });
      requireVersion(thing.version, expected);
      return this.decide(kind, thing, changes, cast);
    });
  }

  private decide<Kind extends ThingKind>(
    kind: Kind,
    thing: ThingOf[Kind],
    changes: ChangesOf[Kind],
    cast: Cast,
  ): Decision<ThingReceipt<Kind>> {
    const { newId } = this.surroundings;
    const { fields, further } = ALTERATIONS[kind](changes, thing.id, { cast, newId });
    const types: Readonly<Record<string, string>> = CHANGED[kind];
    const differing = Object.entries(fields).flatMap(([field, to]) => {
      const from = (thing as unknown as Record<string, unknown>)[field === 'title' ? 'name' : field]; // holds: a thing has the fields that its events change
      const type = types[field];
      return type === undefined || same(field, from, to) ? [] : [{ type, data: { from, to } }];
    });
    const events = differing.map(({ type, data }, index) =>
      nextEvent(newId, { kind, id: thing.id, version: thing.version + index + 1 }, type, data),
    );
    const [first, ...others] = events;
    if (first === undefined) throw new Rejection('nothing-changed', `The ${kind} already says all of this.`);
    const texts = differing.some(({ type }) => type === CHANGED.source.text) ? further : [];
    const all: [NewEvent, ...NewEvent[]] = [first, ...others, ...texts];
    return {
      events: all,
      answer: {
        ...VIEWS[kind](afterChanging(kind, thing, events), cast),
        sequence: all.length - 1,
        recordedAt: '',
      },
    };
  }
}

/** The thing of this id or slug (in an address only what is certain counts, so no aliases). Rejects with `not-found`. */
export function findThing<Kind extends ThingKind>(cast: Cast, kind: Kind, reference: string): ThingOf[Kind] {
  const thing = cast[kind].byIdOrSlug(reference);
  if (thing === undefined)
    throw new Rejection('not-found', `There is no ${kind} ${quote(reference)} in this dossier.`);
  return thing as ThingOf[Kind]; // holds: cast[kind] is the roster of that kind
}

/** A text that is given again is the same text, although it would be stored as another stream. */
function same(field: string, from: unknown, to: unknown): boolean {
  if (field === 'text') return sha256(from) === sha256(to);
  return JSON.stringify(from) === JSON.stringify(to);
}

function sha256(text: unknown): string | undefined {
  return (text as { sha256?: string } | null)?.sha256; // holds: a source's text is kept as its digest, or null
}

function afterChanging<Kind extends ThingKind>(
  kind: Kind,
  thing: ThingOf[Kind],
  events: readonly NewEvent[],
): ThingOf[Kind] {
  const alone = new Cast();
  (alone[kind] as { put(thing: ThingOf[Kind]): void }).put(thing); // holds: alone[kind] is the roster of that kind
  for (const event of events) takeIntoCast(alone, { ...event, data: JSON.parse(event.data) });
  return findThing(alone, kind, thing.id);
}

import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Inject } from '@nestjs/common';
import type { ThingKind, ThingOf } from '../../domain/cast.js';
import { Cast } from '../../domain/cast.js';
import { ADDED, takeIntoCast } from '../../domain/set-up.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { SURROUNDINGS, type Surroundings } from '../../dossiers/surroundings.js';
import { nextEvent } from '../../dossiers/new-event.js';
import { Writer, type Decision, type Receipt, type WriteContext } from '../../dossiers/write.js';
import { VIEWS, type ViewOf } from './thing-view.js';
import { ADDITIONS, type InputOf } from './things.js';

/** The answer to adding or changing a thing. */
export type ThingReceipt<Kind extends ThingKind = ThingKind> = ViewOf[Kind] & Receipt;

export class AddThing<Kind extends ThingKind = ThingKind> extends Command<ThingReceipt<Kind>> {
  constructor(
    readonly dossier: string,
    readonly kind: Kind,
    readonly input: InputOf[Kind],
    readonly context: WriteContext,
  ) {
    super();
  }
}

@CommandHandler(AddThing)
export class AddThingHandler implements ICommandHandler<AddThing> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly writer: Writer,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute({ dossier, kind, input, context }: AddThing): Promise<ThingReceipt> {
    const { id } = await this.dossiers.current(dossier);
    return this.writer.write(id, context, async () =>
      decideAddition(kind, input, (await this.dossiers.current(id)).cast, this.surroundings.newId),
    );
  }
}

/** Decides a new thing. Throws a Rejection that names everything that is wrong with it. */
export function decideAddition<Kind extends ThingKind>(
  kind: Kind,
  input: InputOf[Kind],
  cast: Cast,
  newId: () => string,
): Decision<ThingReceipt<Kind>> {
  const id = newId();
  const { fields, further } = ADDITIONS[kind](input, id, { cast, newId });
  const added = nextEvent(newId, { kind, id, version: 1 }, ADDED[kind], fields);
  const claims = fields.slug === null ? [] : [{ name: `${kind}/${fields.slug}`, streamId: id }];
  return {
    events: [added, ...further],
    claims,
    answer: {
      ...VIEWS[kind](afterAdding(kind, id, fields), cast),
      sequence: further.length,
      recordedAt: '',
    },
  };
}

/** The thing as the cast will know it. */
function afterAdding<Kind extends ThingKind>(kind: Kind, id: string, data: object): ThingOf[Kind] {
  const alone = new Cast();
  takeIntoCast(alone, { type: ADDED[kind], streamId: id, streamVersion: 1, data });
  const thing = alone[kind].byId(id);
  if (thing === undefined) throw new Error(`A ${kind} that was added is not in the cast.`);
  return thing as ThingOf[Kind]; // holds: alone[kind] is the roster of that kind
}

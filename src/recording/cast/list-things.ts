import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ThingKind, ThingOf } from '../../domain/cast.js';
import { sameNameKey } from '../../domain/roster.js';
import { Dossiers } from '../../dossiers/dossiers.js';
import { pageOf, readCursor, type Page } from '../../http/paging.js';
import { SourceTexts } from '../statements/source-texts.js';
import { findThing } from './change-thing.js';
import { VIEWS, type ViewOf } from './thing-view.js';

/** The parties, speakers, topics or sources of a dossier in the order in which they were added; with `q`, those with a name or alias that contains it. */
export class ListThings<Kind extends ThingKind = ThingKind> extends Query<Page<ViewOf[Kind]>> {
  constructor(
    readonly dossier: string,
    readonly kind: Kind,
    readonly q: string | undefined,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}

/** One thing; a source with its text. */
export class ShowThing<Kind extends ThingKind = ThingKind> extends Query<
  ViewOf[Kind] & { readonly text?: string | null }
> {
  constructor(
    readonly dossier: string,
    readonly kind: Kind,
    readonly reference: string,
  ) {
    super();
  }
}

@QueryHandler(ListThings)
export class ListThingsHandler implements IQueryHandler<ListThings> {
  constructor(private readonly dossiers: Dossiers) {}

  async execute({ dossier, kind, q, limit, cursor }: ListThings): Promise<Page<ViewOf[ThingKind]>> {
    return this.list(dossier, kind, q, limit, cursor);
  }

  private async list<Kind extends ThingKind>(
    dossier: string,
    kind: Kind,
    q: string | undefined,
    limit: number,
    cursor: string | undefined,
  ): Promise<Page<ViewOf[Kind]>> {
    const { cast } = await this.dossiers.current(dossier);
    const after = readCursor(cursor, ['uuid']);
    const wanted = q === undefined ? null : sameNameKey(q);
    const things = cast[kind].all() as ThingOf[Kind][]; // holds: cast[kind] is the roster of that kind
    const begin = after === null ? 0 : things.findIndex(({ id }) => id === after[0]) + 1;
    const found: ThingOf[Kind][] = [];
    for (let index = begin; index < things.length && found.length <= limit; index++) {
      const thing = things[index];
      if (thing !== undefined && (wanted === null || bears(thing, wanted))) found.push(thing);
    }
    return pageOf(
      found,
      limit,
      ({ id }) => [id],
      (thing) => VIEWS[kind](thing, cast),
    );
  }
}

@QueryHandler(ShowThing)
export class ShowThingHandler implements IQueryHandler<ShowThing> {
  constructor(
    private readonly dossiers: Dossiers,
    private readonly texts: SourceTexts,
  ) {}

  async execute({
    dossier,
    kind,
    reference,
  }: ShowThing): Promise<ViewOf[ThingKind] & { readonly text?: string | null }> {
    return this.show(dossier, kind, reference);
  }

  private async show<Kind extends ThingKind>(
    dossier: string,
    kind: Kind,
    reference: string,
  ): Promise<ViewOf[Kind] & { readonly text?: string | null }> {
    const { id, cast } = await this.dossiers.current(dossier);
    const thing = findThing(cast, kind, reference);
    const view = VIEWS[kind](thing, cast);
    return kind === 'source' ? { ...view, text: await this.texts.text(id, cast, thing.id) } : view;
  }
}

function bears({ name, aliases, redacted }: ThingOf[ThingKind], wanted: string): boolean {
  return !redacted && [name, ...aliases].some((each) => sameNameKey(each).includes(wanted));
}

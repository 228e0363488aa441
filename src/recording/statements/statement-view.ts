import { ACTS, type Code } from '../../domain/acts.js';
import type { Cast, ThingKind } from '../../domain/cast.js';
import type { Anchor, Passage } from '../../domain/passage.js';
import type { Named } from '../../domain/rejection.js';
import type { Stated, Statement } from '../../domain/statement.js';
import type { Stance } from '../../domain/stance.js';

/** A source as it is referred to. */
export interface NamedSource {
  readonly id: string;
  readonly slug: string | null;
  readonly title: string;
}

/** A statement in answers: as its recorder stated it, references by name, and `resolved`: what follows from it. */
export interface StatementView extends Omit<
  Stated,
  'party' | 'speaker' | 'topic' | 'source' | 'addressees' | 'against'
> {
  readonly id: string;
  readonly slug: string | null;
  readonly version: number;
  /** Of the event that first recorded it. */
  readonly sequence: number;
  readonly recordedAt: string;
  readonly recordedBy: string;
  readonly party: Named | null;
  readonly speaker: Named | null;
  readonly topic: Named | null;
  readonly source: NamedSource | null;
  readonly passage: Passage | null;
  readonly addressees: readonly Named[];
  readonly against: Named | null;
  readonly resolved: {
    readonly party: Named | null;
    readonly topic: Named | null;
    readonly stance: Stance | null;
    readonly conditions: readonly string[];
  };
  readonly anchor: Anchor | null;
  readonly codes: readonly Code[];
  readonly voided: { readonly reason: string } | null;
}

export function viewStatement(statement: Statement, cast: Cast): StatementView {
  const { id, slug, version, origin, recordedAt, recordedBy, stated, resolved, anchor, standing } = statement;
  const named = (kind: ThingKind, thing: string | null): Named | null =>
    thing === null ? null : cast.name(kind, thing);
  return {
    id,
    slug,
    version,
    sequence: origin,
    recordedAt,
    recordedBy,
    ...stated,
    party: named('party', stated.party),
    speaker: named('speaker', stated.speaker),
    topic: named('topic', stated.topic),
    source: nameSource(cast, stated.source),
    addressees: stated.addressees.map((party) => cast.name('party', party)),
    against: named('party', stated.against),
    resolved: { ...resolved, party: named('party', resolved.party), topic: named('topic', resolved.topic) },
    anchor,
    codes: ACTS[stated.act].codes,
    voided: standing.status === 'voided' ? { reason: standing.reason } : null,
  };
}

function nameSource(cast: Cast, source: string | null): NamedSource | null {
  if (source === null) return null;
  const { id, slug, name } = cast.name('source', source);
  return { id, slug, title: name };
}

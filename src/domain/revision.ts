import type { Entry } from './position.js';
import type { Instant } from './said-at.js';
import { InSaidOrder } from './said-order.js';
import { SHIFT_KINDS, shiftKind, type Shift } from './shift.js';
import { sameStance, type QualifiedStance, type Stance } from './stance.js';

/** Our record moved: how an event of the log changed what is believed about a pair. Merging is not recorded yet. */
export const REVISION_KINDS = [
  'advance',
  'backfill',
  'correction',
  'voiding',
  'restoration',
  'merge',
  'unmerge',
] as const;

export type RevisionKind = (typeof REVISION_KINDS)[number];

/** What a statement did to the history that it was the end of when it was recorded: it shifted the position, reaffirmed it, or is evidence. */
export const ADVANCES = [...SHIFT_KINDS, 'reaffirmed', 'evidence'] as const;

export type Advance = (typeof ADVANCES)[number];

/** What an event did to the entries of a pair: at most one leaves, at most one comes, of the same record. */
export interface EntryChange {
  /** Recorded: a statement or an assessment entered the record. Whether it came late is told by the history. */
  readonly cause: 'recorded' | Exclude<RevisionKind, 'advance' | 'backfill'>;
  readonly removed: Entry | null;
  readonly added: Entry | null;
}

/** A party's stance at the end of its history, and since when (said-time). */
export interface Present extends QualifiedStance {
  readonly since: Instant;
}

/** What an event did to the history of a pair: the whole histories before and after it, compared. */
export interface Revision {
  readonly kind: RevisionKind;
  /** Null: it is no advance. */
  readonly advance: Advance | null;
  readonly before: Present | null;
  readonly after: Present | null;
  readonly appeared: readonly Shift[];
  readonly disappeared: readonly Shift[];
  /** Whether the histories differ in more than their last position: than that there is one more, one fewer, or one of another stance from the same instant on. */
  readonly pastChanged: boolean;
  /** Whether the party stands elsewhere at the end of its history, or since another instant. */
  readonly presentChanged: boolean;
}

interface Stanced extends Entry {
  readonly stance: Stance;
}

/** A part of the list of those who set positions: what stood from an index on, and what stands there now. */
interface Replaced {
  readonly index: number;
  readonly gone: readonly Stanced[];
  readonly come: readonly Stanced[];
}

/**
 * The history of one pair as events change it. Only the neighbours of what comes and goes are looked at, so n events cost n·log n comparisons;
 * a correction that moves an entry within its pair costs what lies between its places.
 */
export class RevisedHistory {
  private readonly all: InSaidOrder<Entry>;
  private readonly stanced: InSaidOrder<Stanced>;
  /** Those at which a position begins: they differ from the one before them among the stanced. */
  private readonly setters: InSaidOrder<Stanced>;

  constructor(entries: readonly Entry[]) {
    this.all = new InSaidOrder(entries);
    this.stanced = new InSaidOrder(entries.filter(isStanced));
    this.setters = new InSaidOrder(this.settersWithin(0, this.stanced.length));
  }

  take({ cause, removed, added }: EntryChange): Revision {
    const before = this.present();
    const late = added !== null && this.all.before(added) < this.all.length;
    if (removed !== null) this.all.remove(removed);
    if (added !== null) this.all.add(added);
    const replaced = this.replace(removed, added);
    const after = this.present();
    const kind = cause !== 'recorded' ? cause : late ? 'backfill' : 'advance';
    return {
      kind,
      advance: kind === 'advance' && added !== null ? this.advanceBy(added) : null,
      before,
      after,
      ...this.shiftsOf(replaced),
      pastChanged: this.changesPast(replaced),
      presentChanged: !samePresent(before, after),
    };
  }

  private present(): Present | null {
    const setter = this.setters.at(this.setters.length - 1);
    return setter === undefined
      ? null
      : { stance: setter.stance, conditions: setter.conditions, since: setter.said };
  }

  /** What is last in said-order sets a position, or it does not. */
  private advanceBy(last: Entry): Advance {
    if (last.stance === null) return 'evidence';
    const count = this.setters.length;
    const setter = this.setters.at(count - 1);
    return setter?.id === last.id ? shiftKind(this.setters.at(count - 2) ?? null, setter) : 'reaffirmed';
  }

  /** Beyond the entry with a stance that follows all that changes, positions begin where they began. */
  private replace(removed: Entry | null, added: Entry | null): Replaced {
    const touched = new InSaidOrder(
      [removed, added].flatMap((each) => (each && isStanced(each) ? each : [])),
    );
    const [first, last] = [touched.at(0), touched.at(touched.length - 1)];
    if (first === undefined || last === undefined) return { index: 0, gone: [], come: [] };
    const next = this.stanced.at(this.stanced.upTo(last));
    const index = this.setters.before(first);
    const gone = this.setters.slice(index, next ? this.setters.upTo(next) : this.setters.length);
    if (removed !== null && isStanced(removed)) this.stanced.remove(removed);
    if (added !== null && isStanced(added)) this.stanced.add(added);
    const end = next ? this.stanced.upTo(next) : this.stanced.length;
    const come = this.settersWithin(this.stanced.before(first), end);
    this.setters.splice(index, gone.length, come);
    return { index, gone, come };
  }

  private settersWithin(from: number, to: number): Stanced[] {
    return this.stanced.slice(from, to).filter((entry, index) => {
      const before = this.stanced.at(from + index - 1);
      return before === undefined || !sameStance(before, entry);
    });
  }

  private shiftsOf({ index, gone, come }: Replaced): Pick<Revision, 'appeared' | 'disappeared'> {
    const before = this.setters.at(index - 1) ?? null;
    const [old, now] = [shiftsBetween(before, gone), shiftsBetween(before, come)];
    return { appeared: without(now, old), disappeared: without(old, now) };
  }

  /** As the field of that name says, by the first position in which the histories differ, and by how many are left from there on. */
  private changesPast({ index, gone, come }: Replaced): boolean {
    const grown = come.length - gone.length;
    const end = index + gone.length;
    const old = (at: number): Stanced | undefined =>
      at < end ? gone[at - index] : this.setters.at(at + grown);
    const total = this.setters.length - grown;
    for (let at = index; at < end || grown !== 0; at++) {
      const [one, other] = [old(at), this.setters.at(at)];
      if (one === undefined && other === undefined) return false;
      if (one !== undefined && other !== undefined && isSamePosition(one, other)) continue;
      const left = [total - at, this.setters.length - at];
      return (
        left.some((count) => count > 1) ||
        (one !== undefined && other !== undefined && one.said !== other.said)
      );
    }
    return false;
  }
}

function isStanced(entry: Entry): entry is Stanced {
  return entry.stance !== null;
}

function isSamePosition(one: Stanced, other: Stanced): boolean {
  return one.said === other.said && sameStance(one, other);
}

function samePresent(one: Present | null, other: Present | null): boolean {
  if (one === null || other === null) return one === other;
  return one.since === other.since && sameStance(one, other);
}

function shiftsBetween(before: Stanced | null, setters: readonly Stanced[]): Shift[] {
  return setters.map((to, index) => {
    const from = setters[index - 1] ?? before;
    return { at: to.said, kind: shiftKind(from, to), from, to, statement: to.id };
  });
}

/** The shifts of one list that are not in the other. A statement makes at most one. */
function without(shifts: readonly Shift[], others: readonly Shift[]): Shift[] {
  const byStatement = new Map(others.map((shift) => [shift.statement, shift]));
  return shifts.filter((shift) => {
    const other = byStatement.get(shift.statement);
    return other === undefined || !isSameShift(shift, other);
  });
}

function isSameShift(one: Shift, other: Shift): boolean {
  const sameFrom =
    one.from === null || other.from === null ? one.from === other.from : sameStance(one.from, other.from);
  return one.at === other.at && sameFrom && sameStance(one.to, other.to);
}

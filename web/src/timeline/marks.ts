import type { Act } from '../../../src/domain/acts.js';
import { ACTS } from '../../../src/domain/acts.js';
import type { Schemas } from '../api/client.js';
import { isImprecise } from '../design/dates.js';

type Page = Schemas['Timeline'];
export type Named = Schemas['Named'];

/** One statement in time. */
export interface Mark {
  readonly id: string;
  /** Milliseconds: its place in said-order. */
  readonly said: number;
  /** As it was given (EDTF), */
  readonly saidAt: string;
  /** and the milliseconds that it lies between; infinite where it is open. */
  readonly from: number;
  readonly to: number;
  /** Known less exactly than to the day. */
  readonly isImprecise: boolean;
  readonly act: Act;
  readonly party: Named | null;
  readonly speaker: Named | null;
  readonly topic: Named | null;
  readonly refersTo: string | null;
}

/** The marks of a page, in said-order. */
export function marksOf({ marks, parties, speakers, topics, acts, dates }: Page): Mark[] {
  const times = dates.map(({ saidAt, earliest, latest }) => ({
    saidAt,
    from: earliest ?? -Infinity,
    to: latest ?? Infinity,
    isImprecise: isImprecise(saidAt),
  }));
  return marks.id.flatMap((id, index) => {
    const act = at(acts, marks.act[index]);
    const said = marks.said[index];
    const time = at(times, marks.date[index]);
    if (act === null || said === undefined || time === null) return [];
    return {
      id,
      said,
      ...time,
      act,
      party: at(parties, marks.party[index]),
      speaker: at(speakers, marks.speaker[index]),
      topic: at(topics, marks.topic[index]),
      refersTo: marks.refersTo[index] ?? null,
    };
  });
}

function at<Thing>(things: readonly Thing[], place: number | null | undefined): Thing | null {
  return place === null || place === undefined ? null : (things[place] ?? null);
}

/** What acts have in common, each with a shape of its own. */
export const FAMILIES = ['proposes', 'accepts', 'refuses', 'accuses', 'other'] as const;
export type Family = (typeof FAMILIES)[number];

const ACCUSING: ReadonlySet<Act> = new Set<Act>([
  'TruceViolationAlleged',
  'AllegationMade',
  'CondemnationVoiced',
  'ForceThreatened',
  'UltimatumIssued',
]);
const PROPOSING: ReadonlySet<Act> = new Set<Act>([
  'ProposalMade',
  'CounterProposalMade',
  'DemandMade',
  'AppealMade',
  'ConditionSet',
  'ConcessionOffered',
  'TruceDeclared',
]);

/** By what an act does; where it is neither a proposal nor an accusation, by the stance that it gives. */
export function familyOf(act: Act): Family {
  if (PROPOSING.has(act)) return 'proposes';
  if (ACCUSING.has(act)) return 'accuses';
  const { stance } = ACTS[act];
  if (stance === 'supportive' || stance === 'open') return 'accepts';
  return stance === 'opposed' || stance === 'skeptical' || act === 'AllegationDenied' ? 'refuses' : 'other';
}

/** Which marks are shown; by the slug or id that the address has. */
export interface Filter {
  readonly party?: string | undefined;
  readonly speaker?: string | undefined;
  readonly topic?: string | undefined;
  readonly act?: string | undefined;
}

export function filtered(marks: readonly Mark[], { party, speaker, topic, act }: Filter): readonly Mark[] {
  if ([party, speaker, topic, act].every((each) => each === undefined)) return marks;
  return marks.filter(
    (mark) =>
      is(mark.party, party) &&
      is(mark.speaker, speaker) &&
      is(mark.topic, topic) &&
      (act === undefined || mark.act === act),
  );
}

/** Those that were, or may have been, said within a time. */
export function within(marks: readonly Mark[], [first, last]: readonly [number, number]): readonly Mark[] {
  return marks.filter(({ from, to }) => from <= last && to >= first);
}

export const keyOf = ({ slug, id }: Named): string => slug ?? id;

function is(thing: Named | null, key: string | undefined): boolean {
  return key === undefined || (thing !== null && (thing.id === key || thing.slug === key));
}

/** A party and its marks, in said-order. What nobody's party said has a lane of its own, the last. */
export interface Lane {
  readonly party: Named | null;
  readonly marks: readonly Mark[];
}

export function lanesOf(marks: readonly Mark[]): Lane[] {
  const lanes = new Map<string, { party: Named | null; marks: Mark[] }>();
  for (const mark of marks) {
    const key = mark.party?.id ?? '';
    const lane = lanes.get(key);
    if (lane === undefined) lanes.set(key, { party: mark.party, marks: [mark] });
    else lane.marks.push(mark);
  }
  return [...lanes.values()].toSorted(
    (one, other) =>
      Number(one.party === null) - Number(other.party === null) ||
      other.marks.length - one.marks.length ||
      (one.party?.name ?? '').localeCompare(other.party?.name ?? '', undefined, { numeric: true }),
  );
}

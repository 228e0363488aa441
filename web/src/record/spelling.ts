import { distance } from 'fastest-levenshtein';

/** How unlike each other a typed word and a word of a name may be, as a share of the shorter: "Zelenski" finds "Zelenskyy". */
const TOLERATED = 0.34;
const SHORTEST = 4;

interface Bearer {
  readonly id: string;
  readonly name: string;
  readonly aliases?: readonly string[];
}

export interface Found<T> {
  readonly thing: T;
  /** The name or alias by which it was found. */
  readonly by: string;
}

/** The things that somebody may mean, by any name or alias in nearly any spelling, the likeliest first; all of them where nothing is typed. */
export function findBySpelling<T extends Bearer>(things: readonly T[], typed: string): Found<T>[] {
  const wanted = folded(typed);
  if (wanted === '') return things.map((thing) => ({ thing, by: thing.name }));
  return things
    .flatMap((thing) => {
      const names = [thing.name, ...(thing.aliases ?? [])];
      const [best] = names
        .map((by) => ({ thing, by, rank: rankOf(folded(by), wanted) }))
        .toSorted((one, other) => one.rank - other.rank);
      return best === undefined || best.rank === Infinity ? [] : best;
    })
    .toSorted((one, other) => one.rank - other.rank);
}

/** 0: the same; below 1: begins so; below 2: has a word that begins so, or contains it; then nearly. Infinity: something else. */
function rankOf(name: string, wanted: string): number {
  if (name === wanted) return 0;
  if (name.startsWith(wanted)) return 1 - wanted.length / name.length;
  if (` ${name}`.includes(` ${wanted}`)) return 1.5;
  if (name.includes(wanted)) return 1.9;
  const words = name.split(' ');
  const far = wanted.split(' ').map((each) => Math.min(...words.map((word) => unlikeness(word, each))));
  const worst = Math.max(...far);
  return worst > TOLERATED ? Infinity : 2 + worst;
}

/** Compared as far as has been typed: more of a name may follow. */
function unlikeness(word: string, typed: string): number {
  if (word.startsWith(typed)) return 0;
  if (typed.length < SHORTEST) return Infinity;
  const far = Math.min(distance(word, typed), distance(word.slice(0, typed.length), typed));
  return far / Math.min(word.length, typed.length);
}

/** Without case, accents or marks. */
function folded(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
    .toLowerCase();
}

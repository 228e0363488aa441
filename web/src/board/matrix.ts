import type { Schemas } from '../api/client.js';

type Overview = Schemas['Overview'];
export type Named = Schemas['Named'];
export type Cell = Overview['cells'][number];

/** Parties against topics, and what stands where they meet. */
export interface Board {
  readonly known: Overview['known'];
  readonly at: string;
  readonly parties: readonly Named[];
  readonly topics: readonly Named[];
  readonly cells: ReadonlyMap<string, Cell>;
  /** Instants (ms) between which the histories in little are drawn. */
  readonly from: number;
  readonly to: number;
}

export const keyOf = (party: { readonly id: string }, topic: { readonly id: string }): string =>
  `${party.id} ${topic.id}`;

/** The name of a thing in an address. */
export const referenceTo = ({ id, slug }: Named): string => slug ?? id;

/** The answer whose moments the whole is of: pages are all of the first one's, and what came since is of later ones. */
export function latestOf(pages: readonly Overview[]): Overview | undefined {
  return pages.findLast(({ since }) => since !== null) ?? pages[0];
}

/** The pages of an answer as one board, with what came since put over it. Parties and topics stand in the order in which they were entered, which their ids keep. */
export function boardOf(pages: readonly Overview[]): Board | undefined {
  const last = latestOf(pages);
  if (last === undefined) return undefined;
  const parties = new Map<string, Named>();
  const topics = new Map<string, Named>();
  const cells = new Map<string, Cell>();
  for (const page of pages) {
    for (const party of page.parties) parties.set(party.id, party);
    for (const topic of page.topics) topics.set(topic.id, topic);
    for (const cell of page.cells) {
      const party = page.parties[cell.party];
      const topic = page.topics[cell.topic];
      if (party === undefined || topic === undefined) continue;
      cells.set(keyOf(party, topic), cell);
    }
    for (const { party, topic } of page.none) cells.delete(`${party} ${topic}`);
  }
  let from = Infinity;
  for (const { recent } of cells.values()) from = Math.min(from, Date.parse(recent[0]?.from ?? last.at));
  const to = Date.parse(last.at);
  const used = new Set([...cells.keys()].flatMap((key) => key.split(' ')));
  return {
    known: last.known,
    at: last.at,
    parties: ordered(parties, used),
    topics: ordered(topics, used),
    cells,
    from: Math.min(from, to),
    to,
  };
}

/** The rows and columns whose names have these parts in them, however they are accented. */
export function filtered(board: Board, parties: string | undefined, topics: string | undefined): Board {
  return { ...board, parties: matching(board.parties, parties), topics: matching(board.topics, topics) };
}

function matching(all: readonly Named[], part: string | undefined): readonly Named[] {
  if (part === undefined) return all;
  const sought = plain(part);
  return all.filter(({ name, slug }) => plain(name).includes(sought) || slug?.includes(sought));
}

const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().trim();

const ordered = (things: ReadonlyMap<string, Named>, used: ReadonlySet<string>): readonly Named[] =>
  [...things.values()]
    .filter(({ id }) => used.has(id))
    .toSorted((one, other) => (one.id < other.id ? -1 : 1));

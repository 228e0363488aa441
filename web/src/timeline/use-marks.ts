import { useCallback, useEffect, useRef, useState } from 'react';
import { answered, api, type Schemas } from '../api/client.js';
import { useDossierEvents } from '../api/live.js';
import { marksOf, type Mark } from './marks.js';

export interface Marks {
  readonly marks: readonly Mark[];
  readonly taken: Schemas['Known'] | undefined;
  readonly isComplete: boolean;
  readonly error: Error | null;
}

const NONE: Marks = { marks: [], taken: undefined, isComplete: false, error: null };
/** Milliseconds after an event until everything is read again, and how many times as long as the reading took: an import makes thousands. */
const GATHERED = 1_000;
const REST = 3;

/** All statements of a dossier as marks: what has come is there to be looked at while the rest is on its way. */
export function useMarks(dossier: string, known: string | undefined): Marks & { readonly again: () => void } {
  const [state, setState] = useState(NONE);
  const [round, setRound] = useState(0);
  const took = useRef(0);
  const again = useCallback(() => setRound((each) => each + 1), []);
  useDossierEvents(dossier, useGathered(again, took));
  useEffect(() => setState(NONE), [dossier]);
  useEffect(() => setState((before) => ({ ...before, isComplete: false })), [known]);
  useEffect(() => {
    const stop = new AbortController();
    const begin = performance.now();
    const show = (next: Marks) => {
      took.current = performance.now() - begin;
      if (!stop.signal.aborted) setState(next);
    };
    const onPage = (part: Pages) => round === 0 && show({ ...part, isComplete: false, error: null });
    readAll(dossier, known, stop.signal, onPage).then(
      (all) => show({ ...all, isComplete: true, error: null }),
      (error: unknown) => show({ ...NONE, error: error instanceof Error ? error : new Error(String(error)) }),
    );
    return () => stop.abort();
  }, [dossier, known, round]);
  return { ...state, again };
}

/** Calls back some time after the first of several calls: events that never cease must not put it off for ever. */
function useGathered(then: () => void, took: { readonly current: number }): () => void {
  const timer = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useCallback(() => {
    timer.current ??= window.setTimeout(
      () => {
        timer.current = undefined;
        then();
      },
      Math.max(GATHERED, REST * took.current),
    );
  }, [then, took]);
}

interface Pages {
  readonly marks: readonly Mark[];
  readonly taken: Schemas['Known'];
}

async function readAll(
  dossier: string,
  known: string | undefined,
  signal: AbortSignal,
  onPage: (part: Pages) => void,
): Promise<Pages> {
  let marks: readonly Mark[] = [];
  let cursor: string | null = null;
  let as = known;
  for (;;) {
    const page: Schemas['Timeline'] = await readPage(dossier, as, cursor, signal);
    as ??= String(page.known.sequence); // every page as the first was known
    marks = marks.concat(marksOf(page));
    cursor = page.next;
    if (cursor === null) return { marks, taken: page.known };
    onPage({ marks, taken: page.known });
  }
}

function readPage(dossier: string, known: string | undefined, cursor: string | null, signal: AbortSignal) {
  const query = { ...(known === undefined ? {} : { known }), ...(cursor === null ? {} : { cursor }) };
  return answered(
    api.GET('/api/v1/dossiers/{dossier}/timeline', { params: { path: { dossier }, query }, signal }),
  );
}

import { useCallback, useEffect, useRef, useState } from 'react';
import { answered, api } from '../api/client.js';
import { useDossierEvents } from '../api/live.js';
import { marksOf, type Mark } from './marks.js';

export interface Marks {
  readonly marks: readonly Mark[];
  readonly isComplete: boolean;
  readonly error: Error | null;
}

const NONE: Marks = { marks: [], isComplete: false, error: null };
/** Milliseconds after an event until everything is read again: an import makes thousands. */
const GATHERED = 1_000;

/** All statements of a dossier as marks: what has come is there to be looked at while the rest is on its way. */
export function useMarks(dossier: string, known: string | undefined): Marks & { readonly again: () => void } {
  const [state, setState] = useState(NONE);
  const [round, setRound] = useState(0);
  const again = useCallback(() => setRound((each) => each + 1), []);
  useDossierEvents(dossier, useGathered(again));
  useEffect(() => setState(NONE), [dossier, known]);
  useEffect(() => {
    const stop = new AbortController();
    const show = (next: Marks) => !stop.signal.aborted && setState(next);
    readAll(
      dossier,
      known,
      stop.signal,
      (marks) => round === 0 && show({ marks, isComplete: false, error: null }),
    ).then(
      (marks) => show({ marks, isComplete: true, error: null }),
      (error: unknown) => show({ ...NONE, error: error instanceof Error ? error : new Error(String(error)) }),
    );
    return () => stop.abort();
  }, [dossier, known, round]);
  return { ...state, again };
}

function useGathered(then: () => void): () => void {
  const timer = useRef<number>(undefined);
  useEffect(() => () => window.clearTimeout(timer.current), []);
  return useCallback(() => {
    window.clearTimeout(timer.current);
    timer.current = window.setTimeout(then, GATHERED);
  }, [then]);
}

async function readAll(
  dossier: string,
  known: string | undefined,
  signal: AbortSignal,
  onPage: (marks: readonly Mark[]) => void,
): Promise<readonly Mark[]> {
  let marks: readonly Mark[] = [];
  let cursor: string | null = null;
  let as = known;
  do {
    const page = await readPage(dossier, as, cursor, signal);
    as ??= String(page.known.sequence); // every page as the first was known
    marks = marks.concat(marksOf(page));
    cursor = page.next;
    onPage(marks);
  } while (cursor !== null);
  return marks;
}

function readPage(dossier: string, known: string | undefined, cursor: string | null, signal: AbortSignal) {
  const query = { ...(known === undefined ? {} : { known }), ...(cursor === null ? {} : { cursor }) };
  return answered(
    api.GET('/api/v1/dossiers/{dossier}/timeline', { params: { path: { dossier }, query }, signal }),
  );
}

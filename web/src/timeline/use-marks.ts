import { useCallback, useEffect, useRef, useState } from 'react';
import { answered, api, type Schemas } from '../api/client.js';
import { reachesBack, useDossierEvents, type RecordedEvent } from '../api/live.js';
import { paced, type Paced } from '../api/paced.js';
import { marksOf, type Mark } from './marks.js';

export interface Marks {
  readonly marks: readonly Mark[];
  readonly taken: Schemas['Known'] | undefined;
  readonly isComplete: boolean;
  readonly error: Error | null;
}

const NONE: Marks = { marks: [], taken: undefined, isComplete: false, error: null };
/** Milliseconds after an event until everything is read again, at least. */
const GATHERED = 1_000;

/** All statements of a dossier as marks: what has come is there to be looked at while the rest is on its way. */
export function useMarks(dossier: string, known: string | undefined): Marks & { readonly again: () => void } {
  const [state, setState] = useState(NONE);
  const reading = useRef<Paced>(null);
  const again = useCallback(() => reading.current?.call(), []);
  const heard = useCallback(
    (event: RecordedEvent) => {
      if (known === undefined || reachesBack(event)) again();
    },
    [known, again],
  );
  useDossierEvents(dossier, heard);
  useEffect(() => setState(NONE), [dossier]);
  useEffect(() => {
    const stop = new AbortController();
    const show = (next: Marks) => !stop.signal.aborted && setState(next);
    const read = (onPage?: (part: Pages) => void) =>
      readAll(dossier, known, stop.signal, onPage).then(
        (all) => show({ ...all, isComplete: true, error: null }),
        (error: unknown) =>
          show({ ...NONE, error: error instanceof Error ? error : new Error(String(error)) }),
      );
    setState((before) => ({ ...before, isComplete: false }));
    const first = read((part) => show({ ...part, isComplete: false, error: null }));
    reading.current = paced(() => first.then(() => read()), GATHERED);
    return () => {
      stop.abort();
      reading.current?.stop();
    };
  }, [dossier, known]);
  return { ...state, again };
}

interface Pages {
  readonly marks: readonly Mark[];
  readonly taken: Schemas['Known'];
}

async function readAll(
  dossier: string,
  known: string | undefined,
  signal: AbortSignal,
  onPage?: (part: Pages) => void,
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
    onPage?.({ marks, taken: page.known });
  }
}

function readPage(dossier: string, known: string | undefined, cursor: string | null, signal: AbortSignal) {
  const query = { ...(known === undefined ? {} : { known }), ...(cursor === null ? {} : { cursor }) };
  return answered(
    api.GET('/api/v1/dossiers/{dossier}/timeline', { params: { path: { dossier }, query }, signal }),
  );
}

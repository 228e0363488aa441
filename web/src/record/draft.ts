import { v4 } from 'uuid';
import { useEffect, useRef, useState } from 'react';
import type { Schemas } from '../api/client.js';
import type { Stretch } from './selecting.js';

type Input = Schemas['NewStatement'];

/** What has been typed of a statement. References are ids; what is empty is not sent. */
export interface Fields {
  readonly act: Schemas['Act'] | null;
  /** The passage, where the source has no text in which it could be selected. */
  readonly quote: string;
  readonly speaker: string | null;
  /** Null: the one that the speaker speaks for, if there is just one. */
  readonly party: string | null;
  /** Null: that of the statement referred to. */
  readonly topic: string | null;
  readonly refersTo: string | null;
  readonly against: string | null;
  readonly conditions: readonly string[];
  /** Null: the act's. */
  readonly stance: Schemas['Stance'] | null;
  readonly attribution: Schemas['Attribution'];
  readonly saidAt: string;
  readonly summary: string;
  readonly addressees: readonly string[];
  readonly note: string;
  readonly language: string;
  readonly translation: string;
}

export interface Draft {
  /** Of the request: sent again, it cannot record the statement twice. */
  readonly key: string;
  /** Where the passage stands in the source's text. */
  readonly passage: Stretch | null;
  readonly fields: Fields;
}

export const NO_FIELDS: Fields = {
  act: null,
  quote: '',
  speaker: null,
  party: null,
  topic: null,
  refersTo: null,
  against: null,
  conditions: [],
  stance: null,
  attribution: 'paraphrase',
  saidAt: '',
  summary: '',
  addressees: [],
  note: '',
  language: '',
  translation: '',
};

/** The next draft after one that was recorded: of an article's statements most were said on the same day. */
export function nextDraft(before: Fields | null): Draft {
  return { key: v4(), passage: null, fields: { ...NO_FIELDS, saidAt: before?.saidAt ?? '' } };
}

/** A draft that is sent as another request: what was sent under the old key may have been recorded after all. */
export const withNewKey = (draft: Draft): Draft => ({ ...draft, key: v4() });

/** The fields as a request sends them. */
export function inputOf(
  { passage: _passage, fields }: Draft,
  source: string,
  passage: Schemas['PassageInput'] | null,
): Omit<Input, 'act'> & { readonly act: Schemas['Act'] | null } {
  const { act, quote: _quote, saidAt, attribution, conditions, addressees, ...rest } = fields;
  const given = Object.entries(rest).flatMap(([field, value]) => {
    const text = value?.trim() ?? '';
    return text === '' ? [] : [[field, text] as const];
  });
  return {
    act,
    saidAt: saidAt.trim(),
    attribution,
    source,
    ...(passage && { passage }),
    ...(conditions.length > 0 && { conditions: [...conditions] }),
    ...(addressees.length > 0 && { addressees: [...addressees] }),
    ...Object.fromEntries(given),
  };
}

/** A draft that outlives the page: kept in this browser for each source, until what it says has been recorded. */
export function useDraft(
  dossier: string,
  source: string,
): readonly [Draft, (change: (before: Draft) => Draft) => void] {
  const place = `standpoint.draft/${dossier}/${source}`;
  const [draft, setDraft] = useState(() => read(place) ?? nextDraft(null));
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) keep(place, draft);
    isFirst.current = false;
  }, [place, draft]);
  return [draft, setDraft];
}

function keep(place: string, draft: Draft): void {
  try {
    localStorage.setItem(place, JSON.stringify(draft));
  } catch {
    // a browser that keeps nothing (its room is full, or it was told so) loses drafts on a reload, and nothing else
  }
}

function read(place: string): Draft | null {
  try {
    const kept = JSON.parse(localStorage.getItem(place) ?? 'null') as Partial<Draft> | null; // holds: only keep writes there, this version's or an earlier one's fields
    if (typeof kept?.key !== 'string') return null;
    return { key: kept.key, passage: kept.passage ?? null, fields: { ...NO_FIELDS, ...kept.fields } };
  } catch {
    return null;
  }
}

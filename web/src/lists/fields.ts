import type { Fields, Kind, Listed } from './records.js';

/** How a field is asked for. */
export interface Field {
  readonly name:
    | 'name'
    | 'title'
    | 'aliases'
    | 'kind'
    | 'affiliations'
    | 'proposition'
    | 'url'
    | 'outlet'
    | 'publishedAt'
    | 'language';
  readonly form: 'line' | 'lines' | 'list' | 'kind' | 'affiliations';
  readonly isRequired?: true;
}

export const FIELDS: Readonly<Record<Kind, readonly Field[]>> = {
  parties: [
    { name: 'name', form: 'line', isRequired: true },
    { name: 'aliases', form: 'list' },
    { name: 'kind', form: 'kind' },
  ],
  speakers: [
    { name: 'name', form: 'line', isRequired: true },
    { name: 'aliases', form: 'list' },
    { name: 'affiliations', form: 'affiliations' },
  ],
  topics: [
    { name: 'name', form: 'line', isRequired: true },
    { name: 'proposition', form: 'lines' },
  ],
  sources: [
    { name: 'title', form: 'line', isRequired: true },
    { name: 'url', form: 'line' },
    { name: 'outlet', form: 'line' },
    { name: 'publishedAt', form: 'line' },
    { name: 'language', form: 'line' },
  ],
};

export interface AffiliationDraft {
  readonly party: string;
  readonly role: string;
  readonly from: string;
  readonly to: string;
}

/** What a form holds: texts, lists of texts, affiliations. */
export type Draft = Record<string, string | readonly string[] | readonly AffiliationDraft[]>;

export function draftOf(kind: Kind, record: Listed | null): Draft {
  return Object.fromEntries(FIELDS[kind].map(({ name, form }) => [name, valueOf(record, name, form)]));
}

function valueOf(record: Listed | null, name: string, form: Field['form']): Draft[string] {
  if (form === 'affiliations')
    return record !== null && 'affiliations' in record
      ? record.affiliations.map(({ party, role, from, to }) => ({
          party: party.id,
          role: role ?? '',
          from: from ?? '',
          to: to ?? '',
        }))
      : [];
  const value: unknown =
    record === null ? undefined : Object.entries(record).find(([key]) => key === name)?.[1];
  if (form === 'list') return Array.isArray(value) ? value.map(String) : [];
  return typeof value === 'string' ? value : form === 'kind' ? 'other' : '';
}

/** The fields that differ, as the service takes them: what is empty is null. */
export function changedFields(before: Draft, after: Draft): Fields {
  const changed = Object.entries(after).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]),
  );
  return Object.fromEntries(changed.map(([name, value]) => [name, sent(value)]));
}

function sent(value: Draft[string]): unknown {
  if (typeof value === 'string') return value.trim() === '' ? null : value.trim();
  return value.map((each) =>
    typeof each === 'string'
      ? each
      : Object.fromEntries(Object.entries(each).map(([key, text]) => [key, text.trim() || null])),
  );
}

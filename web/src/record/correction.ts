import type { Schemas } from '../api/client.js';
import { NO_FIELDS, type Fields } from './draft.js';
import type { Statement } from './queries.js';

type Changes = Schemas['ChangedFields'];

/** A statement's fields as a form shows them, to be corrected. */
export interface Corrected extends Fields {
  readonly source: string | null;
}

export function fieldsOf(statement: Statement): Corrected {
  const { speaker, party, topic, against, source, passage, addressees } = statement;
  return {
    ...NO_FIELDS,
    act: statement.act,
    quote: passage?.exact ?? '',
    speaker: speaker?.id ?? null,
    party: party?.id ?? null,
    topic: topic?.id ?? null,
    refersTo: statement.refersTo,
    against: against?.id ?? null,
    conditions: statement.conditions,
    stance: statement.stance,
    attribution: statement.attribution,
    saidAt: statement.saidAt,
    summary: statement.summary ?? '',
    addressees: addressees.map(({ id }) => id),
    note: statement.note ?? '',
    language: statement.language ?? '',
    translation: statement.translation ?? '',
    source: source?.id ?? null,
  };
}

/** What differs from the statement as it stands; what was emptied is null. */
export function changesOf(statement: Statement, corrected: Corrected): Changes {
  const before = fieldsOf(statement);
  const differing = FIELDS.filter((field) => !isSame(before[field], corrected[field]));
  const changes = Object.fromEntries(differing.map((field) => [field, valueOf(corrected[field])]));
  if (before.quote.trim() === corrected.quote.trim()) return changes;
  const exact = corrected.quote.trim();
  return { ...changes, passage: exact === '' ? null : { exact } };
}

/** What somebody has changed of a statement, on a newer version of it: what others have corrected meanwhile stays corrected. */
export function rebased(statement: Statement, corrected: Corrected, newer: Statement): Corrected {
  const before = fieldsOf(statement);
  const ours = [...FIELDS, 'quote' as const].filter((field) => !isSame(before[field], corrected[field]));
  return { ...fieldsOf(newer), ...Object.fromEntries(ours.map((field) => [field, corrected[field]])) };
}

const FIELDS = [
  'act',
  'speaker',
  'party',
  'topic',
  'refersTo',
  'against',
  'conditions',
  'stance',
  'attribution',
  'saidAt',
  'summary',
  'addressees',
  'note',
  'language',
  'translation',
  'source',
] as const satisfies readonly (keyof Corrected & keyof Changes)[];

type Value = Corrected[(typeof FIELDS)[number]];

function isSame(one: Value, other: Value): boolean {
  return JSON.stringify(valueOf(one)) === JSON.stringify(valueOf(other));
}

function valueOf(value: Value): Value {
  if (typeof value !== 'string') return value;
  return value.trim() === '' ? null : value.trim();
}

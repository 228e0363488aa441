import type { Fields } from './draft.js';
import type { ActRule } from './queries.js';

/** Fields that are shown or folded away by what the act needs; the others always are there. */
export type Optional =
  | 'refersTo'
  | 'topic'
  | 'against'
  | 'conditions'
  | 'stance'
  | 'summary'
  | 'addressees'
  | 'language'
  | 'translation'
  | 'note';

interface Places {
  /** Between who and when. */
  readonly asked: readonly Optional[];
  /** After when and how. */
  readonly after: readonly Optional[];
  readonly folded: readonly Optional[];
}

/** Where each field stands: what the act requires, or what follows from it, is asked for; the rest is folded away. */
export function placesFor(rule: ActRule | null, { attribution }: Pick<Fields, 'attribution'>): Places {
  const requires = new Set(rule?.requires);
  const asked: Optional[] = rule === null ? [] : [];
  if (rule?.refersTo) asked.push('refersTo');
  if (requires.has('topic')) asked.push('topic');
  if (requires.has('against')) asked.push('against');
  if (rule !== null && (rule.stance !== null || requires.has('conditions'))) asked.push('conditions');
  if (rule !== null && (rule.stance !== null || requires.has('topic'))) asked.push('stance');
  const after: Optional[] = attribution === 'direct' ? [] : ['summary'];
  const shown = new Set([...asked, ...after]);
  return { asked, after, folded: IN_ORDER.filter((field) => !shown.has(field)) };
}

const IN_ORDER: readonly Optional[] = [
  'topic',
  'refersTo',
  'against',
  'conditions',
  'stance',
  'summary',
  'addressees',
  'translation',
  'language',
  'note',
];

import { THING_KINDS, type ThingKind } from '../../domain/cast.js';
import { Rejection } from '../../domain/rejection.js';
import type { BodyChecker, BodyType } from '../../http/body-checker.js';
import { parseJson } from '../../http/json.js';
import { notice } from '../../http/unstorable.js';
import { PartyInput, SourceInput, SpeakerInput, TopicInput } from '../cast/inputs.js';
import type { InputOf } from '../cast/things.js';
import { NewStatement } from '../statements/inputs.js';
import type { Line } from './lines.js';

/** What a line asks for. */
export type ImportItem =
  | { readonly kind: 'statement'; readonly input: NewStatement }
  | { readonly kind: ThingKind; readonly input: InputOf[ThingKind] };

export const IMPORT_KINDS = ['statement', ...THING_KINDS] as const;

const BODIES: { [Kind in ThingKind]: BodyType<InputOf[Kind]> } = {
  party: PartyInput,
  speaker: SpeakerInput,
  topic: TopicInput,
  source: SourceInput,
};

/** Reads a line, or rejects with what is wrong with it. A line without `kind` is a statement. */
export function readItem({ text }: Line, checker: BodyChecker): ImportItem {
  if (text === null) throw new Rejection('validation-failed', 'The line is too long.');
  const { kind = 'statement', body } = split(parse(text));
  notice(text, body); // without `kind` it is another object than the one that was parsed
  if (kind === 'statement') return { kind, input: checker.check(NewStatement, body) };
  const thing = THING_KINDS.find((each) => each === kind);
  if (thing !== undefined)
    return { kind: thing, input: checker.check<InputOf[ThingKind]>(BODIES[thing], body) };
  const message = `must be one of ${IMPORT_KINDS.join(', ')}, or left out for a statement`;
  throw new Rejection('validation-failed', `kind ${message}`, [{ path: 'kind', message }]);
}

function parse(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof Rejection) throw error;
    throw new Rejection('validation-failed', 'The line is not JSON.');
  }
}

function split(line: unknown): { kind?: unknown; body: unknown } {
  if (typeof line !== 'object' || line === null || Array.isArray(line) || !('kind' in line))
    return { body: line };
  const { kind, ...body } = line;
  return { kind, body };
}

import { readInstant, readMoments, readText, type Given } from '../design/address.js';
import type { Filter } from './marks.js';

/** What of the timeline is shown, as the address says it. */
export interface TimelineSearch extends Filter {
  /** The first and the last day that are in view. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly known?: string | undefined;
}

export function timelineSearch(given: Given): TimelineSearch {
  const { party, speaker, topic, act, from, to } = given;
  return {
    party: readText(party),
    speaker: readText(speaker),
    topic: readText(topic),
    act: readText(act),
    from: readInstant(from)?.slice(0, 10),
    to: readInstant(to)?.slice(0, 10),
    known: readMoments(given).known,
  };
}

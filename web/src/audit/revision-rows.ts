import { texts } from '../texts/texts.js';
import type { Revision } from './ask.js';

/** Revisions as a table, a row each, with the columns' names first. */
export function revisionRows(items: readonly Revision[]): string[][] {
  return [
    [...texts.audit.csvColumns],
    ...items.map((revision) => {
      const { sequence, recordedAt, recordedBy, kind, event, reason, party, topic } = revision;
      const { statement, before, after } = revision;
      return [
        String(sequence),
        recordedAt,
        recordedBy,
        kind,
        event.type,
        reason ?? '',
        party.name,
        topic.name,
        statement?.saidAt ?? '',
        statement?.quote ?? statement?.summary ?? '',
        before?.stance ?? '',
        after?.stance ?? '',
      ];
    }),
  ];
}

import { ACT_NAMES } from './acts.js';
import { POSITION_ASSESSED } from './assessment.js';
import { PAYLOAD_REDACTED } from './redaction.js';
import { ADDED, CHANGED, DOSSIER_OPENED, SOURCE_TEXT_ADDED } from './set-up.js';
import { RECORD_CORRECTED, RECORD_RESTORED, RECORD_VOIDED } from './statement.js';

/** Every type of event that this code understands. */
export const EVENT_TYPES: ReadonlySet<string> = new Set([
  ...ACT_NAMES,
  POSITION_ASSESSED,
  RECORD_CORRECTED,
  RECORD_VOIDED,
  RECORD_RESTORED,
  PAYLOAD_REDACTED,
  DOSSIER_OPENED,
  SOURCE_TEXT_ADDED,
  ...Object.values(ADDED),
  ...Object.values(CHANGED).flatMap((types) => Object.values(types)),
]);

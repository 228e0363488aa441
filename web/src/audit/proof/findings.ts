export type CheckName =
  'checkpoint' | 'key' | 'consistency' | 'inclusion' | 'payload' | 'tiles' | 'root' | 'payloads' | 'stopped';

/** Which sentence tells it. */
export type Verdict =
  | 'unreadable'
  | 'signed'
  | 'unsigned'
  | 'keyFirst'
  | 'keySame'
  | 'keyReplaced'
  | 'keyNotHandedOver'
  | 'keyChanged'
  | 'seenFirst'
  | 'grown'
  | 'shrunk'
  | 'forked'
  | 'included'
  | 'notIncluded'
  | 'notProven'
  | 'unchanged'
  | 'changed'
  | 'redacted'
  | 'tilesSame'
  | 'tileDiffers'
  | 'rootSame'
  | 'rootDiffers'
  | 'payloadsSame'
  | 'payloadsErased'
  | 'payloadWithheld'
  | 'payloadHidden'
  | 'stopped';

/** `noted`: nothing is wrong, but somebody should know. */
export interface Finding {
  readonly check: CheckName;
  readonly status: 'passed' | 'failed' | 'noted';
  readonly says: Verdict;
  /** What the sentence tells: sizes, the sequence of the event where something is wrong. */
  readonly with: Readonly<Record<string, string | number>>;
}

export const finding = (
  check: CheckName,
  status: Finding['status'],
  says: Verdict,
  more: Readonly<Record<string, string | number>> = {},
): Finding => ({ check, status, says, with: more });

import { v5 as uuidv5 } from 'uuid';
import type { Appender } from '../appender.js';
import type { Provenance } from '../event.js';
import type { EventLog } from '../event-log.js';
import { verifierKeyOf, type Replacement, type SigningKey } from './keys.js';
import { verifierKeyText } from './note.js';

/** The event by which a log tells that another key signs it. Stored, as its data are. */
export const LEDGER_KEY_ROTATED = 'LedgerKeyRotated';

/** Verifier keys, and why. */
export interface LedgerKeyRotated {
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

export interface Rotation extends LedgerKeyRotated {
  readonly sequence: number;
}

/** The stream of what befalls a log itself. The dossier's own id is taken: it is the stream of the dossier's name and description. */
export function ledgerStream(dossier: string): string {
  return uuidv5('ledger', dossier);
}

/** How a log's key was replaced. */
export class Rotations {
  constructor(
    private readonly log: EventLog,
    private readonly appender: Appender,
    private readonly newId: () => string,
  ) {}

  /** All that the log tells, in order, and the version of the stream that tells it. */
  async of(dossier: string): Promise<{ readonly all: readonly Rotation[]; readonly version: number }> {
    const events = await this.log.readStreams(dossier, [ledgerStream(dossier)]);
    const all = events
      .filter(({ type, obscure }) => type === LEDGER_KEY_ROTATED && obscure === null)
      .map(({ sequence, data }) => ({ sequence, ...(data as LedgerKeyRotated) })); // holds: written below
    return { all, version: events.at(-1)?.streamVersion ?? 0 };
  }

  /** Records that a key takes the place of another, after a version of the stream. Where somebody else was quicker, theirs stands. */
  async record(
    dossier: string,
    { from, to, after }: { from: Buffer; to: SigningKey; after: number },
    why: Replacement,
  ): Promise<void> {
    const streamId = ledgerStream(dossier);
    const id = this.newId();
    const data: LedgerKeyRotated = {
      from: verifierKeyText(verifierKeyOf(dossier, from)),
      to: verifierKeyText(verifierKeyOf(dossier, to.publicKey)),
      reason: why.reason,
    };
    const provenance: Provenance = {
      recordedBy: why.recordedBy,
      correlationId: id,
      causationId: null,
    };
    await this.appender.append(dossier, {
      events: [
        {
          id,
          streamKind: 'ledger',
          streamId,
          streamVersion: after + 1,
          type: LEDGER_KEY_ROTATED,
          schemaVersion: 1,
          data: JSON.stringify(data),
        },
      ],
      provenance,
    });
  }
}

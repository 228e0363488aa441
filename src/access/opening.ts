import type { PoolClient } from 'pg';
import { ACCESS_LOG } from '../dossiers/access-log-id.js';
import { nextEvent } from '../dossiers/new-event.js';
import { appendBatch } from '../ledger/append-batch.js';
import type { Provenance } from '../ledger/event.js';
import type { AccessLog } from './log/access-log.js';
import type { AccessEvents } from './log/events.js';

/** Makes whoever opens a dossier its first recorder, in the transaction that opens it: neither is ever without the other. */
export class Opening {
  constructor(
    private readonly access: AccessLog,
    private readonly newId: () => string,
  ) {}

  /** `now`: RFC 3339. Call it last: it holds the log of access until the transaction ends. */
  async grant(
    client: PoolClient,
    dossier: string,
    user: string,
    provenance: Provenance,
    now: string,
  ): Promise<void> {
    const granted: AccessEvents['RoleGranted'] = { dossier, user, role: 'recorder', reason: null };
    const stream = { kind: 'dossier', id: dossier, version: 1 };
    const event = nextEvent(this.newId, stream, 'RoleGranted', granted);
    const outcome = await appendBatch(client, ACCESS_LOG, [{ events: [event], provenance }], now);
    if (outcome.status === 'refused') throw new Error(`The new dossier ${dossier} has members already.`);
  }

  /** After the transaction: from now on they may do in this process what they may do. */
  granted(): Promise<void> {
    return this.access.refresh();
  }
}

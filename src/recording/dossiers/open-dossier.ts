import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Inject } from '@nestjs/common';
import pg from 'pg';
import { Opening } from '../../access/opening.js';
import { DOSSIER_OPENED, type DossierOpened } from '../../domain/set-up.js';
import { appendBatch } from '../../ledger/append-batch.js';
import { EventLog } from '../../ledger/event-log.js';
import { Dossiers, keyName, slugName } from '../../dossiers/dossiers.js';
import { SURROUNDINGS, type Surroundings } from '../../dossiers/surroundings.js';
import { nextEvent } from '../../dossiers/new-event.js';
import { place, repeat, slugTaken, type Receipt, type WriteContext } from '../../dossiers/write.js';

export interface OpenedDossier extends Receipt {
  readonly id: string;
  readonly slug: string | null;
  readonly title: string;
  readonly description: string | null;
}

/** Opens a dossier: takes its slug among all dossiers, begins its log, and appends its first event. */
export class OpenDossier extends Command<OpenedDossier> {
  constructor(
    readonly opened: DossierOpened,
    readonly context: WriteContext,
    /** The id of the user who becomes its first recorder; null: an administrator opens it, who needs no role. */
    readonly member: string | null = null,
  ) {
    super();
  }
}

/**
 * The only write that reaches beyond one dossier: names of all dossiers are unique, so they are claimed in the transaction that begins the log.
 * A repeated key finds the dossier that its first use opened.
 */
@CommandHandler(OpenDossier)
export class OpenDossierHandler implements ICommandHandler<OpenDossier> {
  constructor(
    private readonly pool: pg.Pool,
    private readonly dossiers: Dossiers,
    private readonly log: EventLog,
    private readonly opening: Opening,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  async execute(command: OpenDossier): Promise<OpenedDossier> {
    const key = command.context.idempotency?.key;
    const earlier = key === undefined ? null : await this.dossiers.named(keyName(key));
    return earlier === null ? this.open(command) : this.repeat(command, earlier);
  }

  private async open(command: OpenDossier): Promise<OpenedDossier> {
    const answer = await this.attempt(command);
    if (answer !== null) {
      if (command.member !== null) await this.opening.granted();
      return answer;
    }
    // The connection has been given back: whoever asks for a second one while holding the first may wait for ever.
    const earlier = await this.dossiers.named(keyName(command.context.idempotency?.key ?? ''));
    if (earlier === null) throw new Error('An idempotency key that is taken opened no dossier.');
    return this.repeat(command, earlier);
  }

  /** Null: the key has been used meanwhile. */
  private async attempt({ opened, context, member }: OpenDossier): Promise<OpenedDossier | null> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      const id = this.surroundings.newId();
      const taken = await this.claim(client, id, opened.slug, context);
      if (taken === 'slug') throw slugTaken(`dossier/${opened.slug}`);
      const answer = taken === 'key' ? null : await this.begin(client, id, opened, context);
      if (answer !== null && member !== null)
        await this.opening.grant(client, id, member, context.provenance, this.surroundings.now());
      await client.query(answer === null ? 'ROLLBACK' : 'COMMIT');
      return answer;
    } catch (error) {
      await client.query('ROLLBACK').catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  /** Which name was taken already, if any. The key is asked first: whoever repeats an opening finds the slug taken by its own. */
  private async claim(
    client: pg.PoolClient,
    id: string,
    slug: string | null,
    { idempotency }: WriteContext,
  ): Promise<'key' | 'slug' | null> {
    const claim = async (name: string): Promise<boolean> =>
      (
        await client.query(
          'INSERT INTO dossier_name (name, dossier_id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
          [name, id],
        )
      ).rowCount === 1;
    if (idempotency !== null && !(await claim(keyName(idempotency.key)))) return 'key';
    return slug === null || (await claim(slugName(slug))) ? null : 'slug';
  }

  private async begin(
    client: pg.PoolClient,
    id: string,
    opened: DossierOpened,
    { provenance, idempotency }: WriteContext,
  ): Promise<OpenedDossier> {
    const now = this.surroundings.now();
    await client.query('INSERT INTO dossier_head (dossier_id, sequence, recorded_at) VALUES ($1, 0, $2)', [
      id,
      now,
    ]);
    const event = nextEvent(
      this.surroundings.newId,
      { kind: 'dossier', id, version: 1 },
      DOSSIER_OPENED,
      opened,
    );
    const answer: OpenedDossier = { sequence: 0, recordedAt: now, id, ...opened };
    const key = idempotency && { ...idempotency, answer: JSON.stringify(answer) };
    const outcome = await appendBatch(client, id, [{ events: [event], provenance, idempotency: key }], now);
    if (outcome.status === 'refused') throw new Error(`The log of the new dossier ${id} is not empty.`);
    return place(answer, outcome.first, outcome.recordedAt);
  }

  private async repeat({ context: { idempotency } }: OpenDossier, dossier: string): Promise<OpenedDossier> {
    const earlier = idempotency && (await this.log.answered(dossier, [idempotency.key])).get(idempotency.key);
    if (!earlier || idempotency === null)
      throw new Error(`Dossier ${dossier} was opened under a key that it does not know.`);
    return repeat(earlier, idempotency);
  }
}

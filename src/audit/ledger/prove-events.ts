import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { quote } from '../../domain/references.js';
import { Rejection } from '../../domain/rejection.js';
import { Checkpoints } from '../../ledger/proof/checkpoints.js';
import { LoggedEntries } from '../../ledger/proof/logged-entries.js';
import { receiptOf } from '../../ledger/proof/receipt.js';
import { Proving, wrong, type ProvenLog } from './proving.js';

/** That an event is in the log: in the tree of a size (as of the checkpoint where none is given). */
export class ProveEvent extends Query<EventProof> {
  constructor(
    readonly dossier: string,
    readonly sequence: string,
    readonly size: number | undefined,
  ) {
    super();
  }
}

/** The same as a file that is checked without the service: C2SP tlog-proof. */
export class GiveReceipt extends Query<string> {
  constructor(
    readonly dossier: string,
    readonly sequence: string,
  ) {
    super();
  }
}

/** That the log has only grown from one size to another. */
export class ProveConsistency extends Query<ConsistencyProof> {
  constructor(
    readonly dossier: string,
    readonly from: number,
    readonly to: number | undefined,
  ) {
    super();
  }
}

/** Hashes are in base64. */
export interface EventProof {
  readonly sequence: number;
  readonly index: number;
  readonly size: number;
  readonly leafHash: string;
  readonly hashes: readonly string[];
  readonly entry: string;
  /** The event's data as they are stored, and the salt that they were hashed with; null: redacted. */
  readonly payload: string | null;
  readonly salt: string | null;
}

export interface ConsistencyProof {
  readonly from: number;
  readonly to: number;
  readonly hashes: readonly string[];
}

const base64 = (bytes: Buffer): string => bytes.toString('base64');

@QueryHandler(ProveEvent)
export class ProveEventHandler implements IQueryHandler<ProveEvent> {
  constructor(
    private readonly proving: Proving,
    private readonly entries: LoggedEntries,
  ) {}

  execute({ dossier, sequence: text, size: given }: ProveEvent): Promise<EventProof> {
    return this.proving.open(dossier, async (log) => {
      const sequence = sequenceOf(text, log);
      const size = sizeOf('size', given, log);
      if (size < sequence) throw wrong('size', `must be at least ${sequence}, or the event is not in it`);
      const { leaf, hashes } = await log.prover(size).inclusion(sequence - 1);
      const { entry, payload } = await this.entries.one(log.dossier, sequence);
      return {
        sequence,
        index: sequence - 1,
        size,
        leafHash: base64(leaf),
        hashes: hashes.map(base64),
        entry,
        payload: payload?.text ?? null,
        salt: payload && base64(payload.salt),
      };
    });
  }
}

@QueryHandler(GiveReceipt)
export class GiveReceiptHandler implements IQueryHandler<GiveReceipt> {
  constructor(
    private readonly proving: Proving,
    private readonly entries: LoggedEntries,
    private readonly checkpoints: Checkpoints,
  ) {}

  execute({ dossier, sequence: text }: GiveReceipt): Promise<string> {
    return this.proving.open(dossier, async (log) => {
      const sequence = sequenceOf(text, log);
      const { hashes } = await log.prover(log.checkpoint.size).inclusion(sequence - 1);
      const note = await this.checkpoints.cosigned(log.dossier, log.checkpoint);
      return receiptOf(await this.entries.one(log.dossier, sequence), hashes, note);
    });
  }
}

@QueryHandler(ProveConsistency)
export class ProveConsistencyHandler implements IQueryHandler<ProveConsistency> {
  constructor(private readonly proving: Proving) {}

  execute({ dossier, from, to: given }: ProveConsistency): Promise<ConsistencyProof> {
    return this.proving.open(dossier, async (log) => {
      const to = sizeOf('to', given, log);
      if (from > to) throw wrong('from', `must be at most ${to}`);
      const hashes = await log.prover(to).consistency(from);
      return { from, to, hashes: hashes.map(base64) };
    });
  }
}

function sequenceOf(text: string, { checkpoint }: ProvenLog): number {
  const sequence = /^[1-9]\d{0,14}$/.test(text) ? Number(text) : Infinity;
  if (sequence > checkpoint.size)
    throw new Rejection('not-found', `There is no event ${quote(text)} in this log.`);
  return sequence;
}

function sizeOf(path: string, given: number | undefined, { checkpoint }: ProvenLog): number {
  const size = given ?? checkpoint.size;
  if (size > checkpoint.size) throw wrong(path, `must be at most ${checkpoint.size}, which is signed`);
  return size;
}

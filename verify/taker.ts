import type { Tile } from './tree.js';

export interface Head {
  readonly dossier: string;
  readonly key: string;
  readonly names: readonly string[];
  readonly origin: string;
  readonly recordedAt: string;
  readonly size: number;
}

/** Takes what was checked, as it is read. What is given belongs to it for the time of the call only. */
export interface Taker {
  head?(head: Head): void;
  /** An event's entry, and what its `P` line holds, or null where it was redacted. */
  event?(entry: Buffer, carried: Buffer | null): void;
  tile?(tile: Tile): void;
  /** `key`: the verifier key in force. */
  checkpoint?(size: number, note: string, key: string): void;
  claim?(name: string, stream: string): void;
  key?(kept: KeptAnswer): void;
  /** Awaited now and then; `done` and `total` in events. */
  pause?(done: number, total: number): Promise<void> | void;
}

export interface KeptAnswer {
  readonly answer: string | null;
  readonly fingerprint: string;
  readonly key: string;
  readonly recordedAt: string;
  readonly sequence: number;
}

import type { FastifyRequest } from 'fastify';
import { Rejection } from '../../domain/rejection.js';

/** Counts the streams that are open, by token, or by address where there is none: each holds a connection and reads on as the log grows. */
export class OpenStreams {
  private readonly open = new Map<string, number>();

  constructor(private readonly most: number) {}

  /** Returns what to call once it is over. Rejects with `rate-limited`. */
  add({ entry, ip }: Pick<FastifyRequest, 'entry' | 'ip'>): () => void {
    const key = entry?.credential?.digest ?? ip;
    const others = this.open.get(key) ?? 0;
    if (others >= this.most)
      throw new Rejection('rate-limited', `${others} streams are open already. Close one first.`);
    this.open.set(key, others + 1);
    return () => this.remove(key);
  }

  private remove(key: string): void {
    const others = (this.open.get(key) ?? 1) - 1;
    if (others > 0) this.open.set(key, others);
    else this.open.delete(key);
  }
}

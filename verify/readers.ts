import { availableParallelism } from 'node:os';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { readSlice, type Facts } from './slice.js';

const NAME = 'standpoint-verify/reader';

// this file is also what the other threads run
if (workerData === NAME)
  parentPort?.on('message', (slice: Uint8Array) => {
    const facts = readSlice(slice);
    const moved = [facts.bytes, facts.rows, facts.leaves].map(({ buffer }) => buffer as ArrayBuffer); // holds: they are not shared
    parentPort?.postMessage(facts, moved);
  });

/** How many other threads are worth having: what is left to this one is a quarter of the work. */
export function worthwhileThreads(): number {
  const processors = availableParallelism();
  return processors === 1 ? 0 : Math.min(processors, MOST);
}

const MOST = 4;

/** Reads slices in other threads by turns, or in this one where there are no others. */
export class Readers {
  private readonly threads: Thread[];
  private turn = 0;

  constructor(threads: number) {
    this.threads = Array.from({ length: threads }, () => new Thread());
  }

  /** The slice goes away, and comes back in what is read of it. */
  async read(slice: Uint8Array): Promise<Facts> {
    const thread = this.threads[this.turn++ % this.threads.length];
    return thread === undefined ? readSlice(slice) : thread.read(slice);
  }

  async end(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.end()));
  }
}

class Thread {
  private readonly worker = new Worker(new URL(import.meta.url), { workerData: NAME });
  private readonly waiting: { resolve(facts: Facts): void; reject(error: Error): void }[] = [];

  constructor() {
    this.worker.on('message', (facts: Facts) => this.waiting.shift()?.resolve(facts));
    this.worker.on('error', (error) => this.waiting.forEach(({ reject }) => reject(error)));
  }

  /** Answers come in the order of what was asked. */
  read(slice: Uint8Array): Promise<Facts> {
    this.worker.postMessage(slice, [slice.buffer as ArrayBuffer]); // holds: it is not shared
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }
}

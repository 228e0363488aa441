/**
 * Shares a read among those who ask for it at the same time. Whoever asks while one is under way gets the next one: the one under way may
 * have begun before a change that the asker knows of.
 */
export class Coalesced<T> {
  private readonly reads = new Map<string, { readonly current: Promise<T>; next: Promise<T> | null }>();

  constructor(private readonly read: (key: string) => Promise<T>) {}

  get(key: string): Promise<T> {
    const running = this.reads.get(key);
    if (running === undefined) return this.begin(key);
    running.next ??= running.current.then(
      () => this.begin(key),
      () => this.begin(key),
    );
    return running.next;
  }

  private begin(key: string): Promise<T> {
    const current = this.read(key);
    const read = { current, next: null as Promise<T> | null };
    this.reads.set(key, read);
    const forget = (): void => {
      if (read.next === null && this.reads.get(key) === read) this.reads.delete(key);
    };
    current.then(forget, forget);
    return current;
  }
}

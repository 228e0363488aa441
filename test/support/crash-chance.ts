/** Chance that can be repeated: the same seed makes the same plan. What crashes make of it depends on the moment all the same. */
export class Chance {
  private state: number;

  constructor(readonly seed: number) {
    this.state = seed >>> 0;
  }

  /** The seed that the environment names, else any; said aloud, so that a run that failed can be run again. */
  static ofThisRun(what: string): Chance {
    const seed = Number(process.env['STANDPOINT_SEED'] ?? Math.floor(Math.random() * 2 ** 32));
    say(`${what}: STANDPOINT_SEED=${seed}`);
    return new Chance(seed);
  }

  /** From 0 up to, but not, 1 (mulberry32). */
  fraction(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  between(least: number, most: number): number {
    return least + Math.floor(this.fraction() * (most - least + 1));
  }

  of<T>(first: T, ...others: readonly T[]): T {
    const index = this.between(0, others.length);
    return index === 0 ? first : (others[index - 1] ?? first);
  }
}

/** Past Jest, which would wrap it in where it was said. */
export function say(line: string): void {
  process.stderr.write(`  ${line}\n`);
}

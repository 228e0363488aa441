import { hash } from 'node:crypto';
import { bytes, Ids, integers } from './streams.js';

/** The names that first events of streams claim, each as 128 bits of the SHA-256 of the name and its stream. */
export class Claims {
  private readonly made = new Ids();
  private readonly claimants = integers();
  private readonly confirmed = bytes();

  constructor(private readonly streams: Ids) {}

  make(name: string, stream: number): void {
    this.claimants.set(this.made.number(digestOf(name, this.streams.text(stream))), stream);
  }

  /** Whether the stream has made the claim. */
  confirm(name: string, stream: string): boolean {
    const claim = this.made.find(digestOf(name, stream));
    if (claim !== null) this.confirmed.set(claim, 1);
    return claim !== null;
  }

  /** The stream of a claim that was made and not confirmed; null if there is none. */
  unconfirmed(): string | null {
    for (let claim = 0; claim < this.made.size; claim++)
      if (this.confirmed.get(claim) === 0) return this.streams.text(this.claimants.get(claim));
    return null;
  }
}

function digestOf(name: string, stream: string): string {
  return hash('sha256', `${name} ${stream}`, 'hex').replace(
    /^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/,
    '$1-$2-$3-$4-$5',
  );
}

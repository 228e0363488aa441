import type { Frontier } from './frontier.js';

/** What a signature may rest on without another look at the events: a root that was signed or read, and how the tree has grown from it since. */
export interface Anchor {
  readonly size: number;
  readonly root: Buffer;
}

/** The right edge of a tree as this process has seen it grow, leaf by leaf, from an anchor on. */
export class Made {
  private constructor(
    readonly anchor: Anchor,
    readonly frontier: Frontier,
    private readonly lastLeaf: Buffer | null,
  ) {}

  /** As the database has it: the anchor is where it begins. */
  static from(frontier: Frontier): Made {
    return new Made({ size: frontier.size, root: frontier.root() }, frontier, null);
  }

  grown(frontier: Frontier, lastLeaf: Buffer | undefined): Made {
    return new Made(this.anchor, frontier, lastLeaf ?? this.lastLeaf);
  }

  /** Salted as they are, no two leaves are alike. */
  endsWith(leaf: Buffer): boolean {
    return this.lastLeaf?.equals(leaf) ?? false;
  }
}

import type { TreeHead } from './checkpoint.js';
import type { Frontier } from './frontier.js';

/** The right edge of a tree as this process has seen it grow, leaf by leaf, from an anchor on: a head that it has read or seen signed. */
export class Made {
  private constructor(
    private readonly origin: { anchor: TreeHead },
    readonly frontier: Frontier,
    private readonly lastLeaf: Buffer | null,
  ) {}

  /** As the database has it: the anchor is where it begins. */
  static from(frontier: Frontier): Made {
    return new Made({ anchor: { size: frontier.size, root: frontier.root() } }, frontier, null);
  }

  grown(frontier: Frontier, lastLeaf: Buffer | undefined): Made {
    return new Made(this.origin, frontier, lastLeaf ?? this.lastLeaf);
  }

  /** Salted as they are, no two leaves are alike. */
  endsWith(leaf: Buffer): boolean {
    return this.lastLeaf?.equals(leaf) ?? false;
  }

  /** Whether every leaf since a head was of this process's making. */
  growsFrom({ size, root }: TreeHead): boolean {
    const { anchor } = this.origin;
    return anchor.size === size && anchor.root.equals(root);
  }

  /** What was signed is what grows on from here, also where it has grown on meanwhile. */
  anchorAt(head: TreeHead): void {
    this.origin.anchor = head;
  }
}

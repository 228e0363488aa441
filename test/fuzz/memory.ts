/** What a name of a field or parameter refers to, where its plural is not the name of a list. */
const WORDS: Readonly<Record<string, string>> = {
  against: 'parties',
  addressees: 'parties',
  basis: 'statements',
  refersTo: 'statements',
};

/** A value that is looked up only when the request is sent: something that an answer of this run told of. */
export class Mention {
  constructor(private readonly look: () => string) {}

  toString(): string {
    return this.look();
  }

  toJSON(): string {
    return this.look();
  }
}

/** How often a thing is called by its slug or name instead of by its id: once in so many times each. */
const BY_NAME = 8;

/** Things that answers told of, by the list in which they stand (`parties`): each its id, slug and name. */
export class Memory {
  private readonly told = new Map<string, Map<string, readonly string[]>>();

  /** `lists`: all that have addresses of their own. */
  constructor(private readonly lists: ReadonlySet<string>) {}

  /** The list of what a field or parameter of that name refers to; undefined if it refers to nothing. */
  listOf(name: string): string | undefined {
    const list = WORDS[name] ?? `${name.replace(/y$/, 'ie')}s`;
    return this.lists.has(list) ? list : undefined;
  }

  /** A thing of that list, or of any where none is named; by the same number the same one, as long as no more is told. */
  mention(list: string | null, number: number): Mention {
    return new Mention(() => {
      const lists =
        list === null ? [...this.told.values()] : [this.told.get(list) ?? new Map<string, string[]>()];
      const things = lists.flatMap((each) => [...each.values()]);
      const names = things[number % Math.max(1, things.length)] ?? ['nothing-yet'];
      return names[Math.floor(number / Math.max(1, things.length)) % BY_NAME] ?? names[0] ?? '';
    });
  }

  /** Takes in an answer: one thing, a page of them, or things in things. */
  learn(list: string, answer: unknown): void {
    if (Array.isArray(answer)) return answer.forEach((each) => this.learn(list, each));
    if (typeof answer !== 'object' || answer === null) return;
    const fields = Object.entries(answer);
    const names = ['id', 'slug', 'name', 'title'].flatMap((wanted) =>
      fields.flatMap(([name, value]) => (name === wanted && typeof value === 'string' ? [value] : [])),
    );
    this.add(list, names);
    for (const [name, value] of fields) {
      if (name === 'next' && typeof value === 'string') this.add('cursors', [value]);
      if (name === 'items') this.learn(list, value);
      if (this.lists.has(name)) this.learn(name, value);
    }
  }

  private add(list: string, names: readonly string[]): void {
    const [first] = names;
    if (first === undefined) return;
    const told = this.told.get(list) ?? new Map<string, readonly string[]>();
    if (told.has(first) || told.size < 200) told.set(first, names);
    this.told.set(list, told);
  }
}

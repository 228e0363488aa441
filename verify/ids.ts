/** A column that grows: rows are made by writing to them. Numbers beside each other, not objects: a million of them must cost little. */
export class Column<T extends Uint8Array | Uint32Array | Float64Array> {
  constructor(private values: T) {}

  get(row: number): number {
    return this.values[row] ?? 0;
  }

  set(row: number, value: number): void {
    if (row >= this.values.length) {
      // holds: the constructor of an array makes arrays of its own kind
      const larger = new (this.values.constructor as new (length: number) => T)(Math.ceil(row * 1.5) + 1024);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[row] = value;
  }
}

export const bytes = (): Column<Uint8Array> => new Column(new Uint8Array(1024));
export const integers = (): Column<Uint32Array> => new Column(new Uint32Array(1024));
export const instants = (): Column<Float64Array> => new Column(new Float64Array(1024));

const WORDS = 4;
const EMPTY = 0;
const [HYPHEN, DIGIT_0, LETTER_A] = [0x2d, 0x30, 0x61];

/** Writes 32 hexadecimal digits, with or without the hyphens of a UUID, as four integers. */
export function readUuid(uuid: string, into: Float64Array, place = 0): Float64Array {
  let [word, digits] = [0, 0];
  for (let at = 0; at < uuid.length; at++) {
    const code = uuid.charCodeAt(at);
    if (code === HYPHEN) continue;
    word = (word << 4) | (code < LETTER_A ? code - DIGIT_0 : code - LETTER_A + 10);
    if (++digits % 8 === 0) into[place + digits / 8 - 1] = word >>> 0;
  }
  return into;
}

/** Numbers ids from 0 in the order in which they are met, in a table with open addressing. */
export class Ids {
  #size = 0;
  private readonly words = integers();
  /** The number of the id + 1. */
  private slots = new Uint32Array(4096);
  private readonly sought = new Float64Array(WORDS);

  get size(): number {
    return this.#size;
  }

  /** The number of an id that is new or not, and written as integers. */
  number(words: Float64Array, place: number): number {
    const slot = this.slotOf(words, place);
    const known = this.slots[slot] ?? EMPTY;
    if (known !== EMPTY) return known - 1;
    for (let word = 0; word < WORDS; word++)
      this.words.set(this.#size * WORDS + word, words[place + word] ?? 0);
    this.slots[slot] = ++this.#size;
    if (this.#size * 3 > this.slots.length * 2) this.grow();
    return this.#size - 1;
  }

  /** Null: it has not been met. */
  find(uuid: string): number | null {
    const known = this.slots[this.slotOf(readUuid(uuid, this.sought), 0)] ?? EMPTY;
    return known === EMPTY ? null : known - 1;
  }

  text(number: number): string {
    const hex = Array.from({ length: WORDS }, (_, word) =>
      this.words
        .get(number * WORDS + word)
        .toString(16)
        .padStart(8, '0'),
    ).join('');
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  }

  private slotOf(words: Float64Array, place: number): number {
    for (let slot = this.slotFor(words[place + 2] ?? 0, words[place + 3] ?? 0); ; slot = this.next(slot)) {
      const known = this.slots[slot] ?? EMPTY;
      if (known === EMPTY || this.isAt((known - 1) * WORDS, words, place)) return slot;
    }
  }

  private isAt(row: number, words: Float64Array, place: number): boolean {
    for (let word = 0; word < WORDS; word++)
      if (this.words.get(row + word) !== words[place + word]) return false;
    return true;
  }

  /** The half of a UUIDv7 that is random. */
  private slotFor(one: number, other: number): number {
    return (Math.imul(one ^ other, 0x9e3779b1) >>> 7) & (this.slots.length - 1);
  }

  private next(slot: number): number {
    return (slot + 1) & (this.slots.length - 1);
  }

  private grow(): void {
    this.slots = new Uint32Array(this.slots.length * 2);
    for (let number = 0; number < this.#size; number++) {
      let slot = this.slotFor(this.words.get(number * WORDS + 2), this.words.get(number * WORDS + 3));
      while (this.slots[slot] !== EMPTY) slot = this.next(slot);
      this.slots[slot] = number + 1;
    }
  }
}

/** Numbers texts in the order in which they are met; 0 is the empty one. */
export class Texts {
  private readonly numbers = new Map<string, number>([['', 0]]);
  private readonly texts = [''];

  number(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }

  text(number: number): string {
    return this.texts[number] ?? '';
  }

  all(): readonly string[] {
    return this.texts;
  }
}

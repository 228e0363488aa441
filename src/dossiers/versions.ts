/** A row that holds from one sequence until another (exclusive; null: still). */
export interface VersionRow {
  readonly record: string;
  readonly knownFrom: number;
  knownTo: number | null;
}

/** Gathers what a batch of events does to versioned rows, so that it can be written in two statements: closings and insertions. */
export class Versions<Row extends object> {
  private inserted: (VersionRow & { readonly row: Row })[] = [];
  private readonly latest = new Map<string, VersionRow>();
  private readonly closed = new Map<string, number>();
  private readonly erased = new Set<string>();

  /** Ends the row of a record that holds now, wherever it is. */
  close(record: string, sequence: number): void {
    const own = this.latest.get(record);
    if (own === undefined) this.closed.set(record, sequence);
    else own.knownTo = sequence;
    this.latest.delete(record);
  }

  open(record: string, sequence: number, row: Row): void {
    const version = { record, knownFrom: sequence, knownTo: null, row };
    this.inserted.push(version);
    this.latest.set(record, version);
  }

  /** Takes back every row of a record, also those that no longer hold. */
  erase(record: string): void {
    this.inserted = this.inserted.filter((each) => each.record !== record);
    this.latest.delete(record);
    this.closed.delete(record);
    this.erased.add(record);
  }

  /** Records whose rows of before this batch are taken back. */
  erasures(): string[] {
    return [...this.erased];
  }

  /** Rows of before this batch that end in it. */
  closings(): { record: string; sequence: number }[] {
    return [...this.closed].map(([record, sequence]) => ({ record, sequence }));
  }

  insertions(): (VersionRow & { readonly row: Row })[] {
    return this.inserted;
  }
}

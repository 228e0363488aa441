/** By type of event and schema version: what turns the data into those of the next version. */
export type Upcasters = Readonly<Record<string, Readonly<Record<number, (data: unknown) => unknown>>>>;

/** What this code understands of a log. */
export interface Vocabulary {
  /** Every type of event that it knows. */
  readonly types: ReadonlySet<string>;
  readonly upcasters: Upcasters;
}

/** An event's data in the schema version of today, or as they are stored where this code does not understand them. */
export interface Upcast {
  readonly schemaVersion: number;
  readonly data: unknown;
  /** Why it does not; null if it does. */
  readonly obscure: string | null;
}

/**
 * Brings stored data up to the schema version that this code knows: the one after its last upcaster of that type. Never throws: an event of
 * an unknown type, of a version from the future, or that an upcaster chokes on is told of and left as it is. Without a vocabulary
 * everything is taken as it is.
 */
export function upcast(
  vocabulary: Vocabulary | null,
  event: { readonly type: string; readonly schemaVersion: number; readonly data: unknown },
): Upcast {
  const { type, schemaVersion, data } = event;
  const obscure = (reason: string): Upcast => ({ schemaVersion, data, obscure: reason });
  if (vocabulary === null) return { schemaVersion, data, obscure: null };
  if (!vocabulary.types.has(type)) return obscure('unknown type of event');
  const steps = Object.hasOwn(vocabulary.upcasters, type) ? (vocabulary.upcasters[type] ?? {}) : {};
  const today = Math.max(0, ...Object.keys(steps).map(Number)) + 1;
  if (schemaVersion > today)
    return obscure(`schema version ${schemaVersion}, of which this code knows ${today}`);
  let current = data;
  try {
    for (let version = schemaVersion; version < today; version++) {
      const step = steps[version];
      if (step === undefined) return obscure(`schema version ${version}, from which no upcaster leads on`);
      current = step(current);
    }
  } catch (error) {
    return obscure(`cannot be upcast: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { schemaVersion: today, data: current, obscure: null };
}

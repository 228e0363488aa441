/** What stands after the `?`: the source that is recorded from, by id or slug. */
export interface RecordSearch {
  readonly source?: string;
}

export function recordSearch({ source }: Record<string, unknown>): RecordSearch {
  return typeof source === 'string' && source !== '' ? { source } : {};
}

interface Otherwise {
  /** Where nothing was answered. */
  readonly unreachable: string;
  /** Where the service does not know who asks: what it says of that is for programs. */
  readonly unauthenticated: string;
}

/** What a refusal says of itself, which names what to change. */
export function explain(error: Error, { unreachable, unauthenticated }: Otherwise): string {
  if (error.name !== 'Refusal') return unreachable;
  return 'status' in error && error.status === 401 ? unauthenticated : error.message;
}

/** Milliseconds without the board after which coming back to it is another visit. */
const ANOTHER_VISIT = 30 * 60_000;

/** Stored in browsers: never renamed. */
interface Visit {
  /** The head at the end of the visit before: what came later is new. */
  readonly before: number;
  /** The head that was seen last, and when (ms). */
  readonly seen: number;
  readonly at: number;
}

const keyFor = (dossier: string): string => `standpoint.visit.${dossier}`;

/** Notes that a dossier is looked at as of `head`; answers the head at the end of the visit before. At the first visit nothing is new. */
export function openVisit(dossier: string, head: number, now = Date.now()): number {
  const last = read(dossier);
  const before = last === null ? head : now - last.at > ANOTHER_VISIT ? last.seen : last.before;
  write(dossier, { before, seen: head, at: now });
  return before;
}

export function markSeen(dossier: string, head: number, now = Date.now()): void {
  write(dossier, { before: head, seen: head, at: now });
}

function read(dossier: string): Visit | null {
  try {
    const visit = JSON.parse(localStorage.getItem(keyFor(dossier)) ?? 'null') as
      { [K in keyof Visit]?: unknown } | null; // holds: every field is looked at
    const { before, seen, at } = visit ?? {};
    return typeof before === 'number' && typeof seen === 'number' && typeof at === 'number'
      ? { before, seen, at }
      : null;
  } catch {
    return null; // somebody else's text, or no storage: it is the first visit then
  }
}

function write(dossier: string, visit: Visit): void {
  try {
    localStorage.setItem(keyFor(dossier), JSON.stringify(visit));
  } catch {
    // A browser that keeps nothing shows no changes; nothing else depends on it.
  }
}

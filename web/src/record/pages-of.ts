interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Of lists that are read whole: what lies beyond is found by searching. */
const MOST_PAGES = 20;
export const LARGEST_PAGE = 500;

/** A list page by page, as a whole. `isWhole`: whether it ended. */
export async function pagesOf<T>(
  ask: (cursor: string | undefined) => Promise<Page<T>>,
): Promise<{ readonly items: readonly T[]; readonly isWhole: boolean }> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const answer = await ask(cursor);
    items.push(...answer.items);
    if (answer.next === null) return { items, isWhole: true };
    cursor = answer.next;
  }
  return { items, isWhole: false };
}

/** Longest path that is told, in UTF-16 units: names may be as long as a body, and each of many fields within one would repeat it. */
const LONGEST_PATH = 200;

/** The path of a field within another; of the whole body's own fields `parent` is empty. */
export function within(parent: string, name: string): string {
  const path = parent === '' ? name : `${parent}.${name}`;
  return path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH).toWellFormed()}…` : path;
}

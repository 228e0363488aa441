/** Of these paths those that lie at a place or within it, as seen from there: the place itself is ''. */
export function pathsUnder(place: string, paths: ReadonlySet<string>): ReadonlySet<string> {
  const start = `${place}.`;
  return new Set(
    [...paths].flatMap((path) => {
      if (path === place) return [''];
      return path.startsWith(start) ? [path.slice(start.length)] : [];
    }),
  );
}

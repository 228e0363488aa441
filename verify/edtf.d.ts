/** edtf 4.11 ships no types; this is what is used of it. */
declare module 'edtf' {
  /** `min` and `max` in milliseconds since 1970; ±Infinity for `..`, null for an unknown end. Throws on anything that is not EDTF of that level. */
  export default function edtf(
    text: string,
    constraints: { level: 0 | 1 | 2 },
  ): { min: number | null; max: number | null };
}

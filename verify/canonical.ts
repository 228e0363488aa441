import { must } from './wrong.js';

/** RFC 8785: JSON whose names are sorted. What JSON.stringify makes of numbers and strings is what the RFC demands. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field)}`).join(',')}}`;
}

export type Fields = Readonly<Record<string, unknown>>;

export function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    must(false, where, 'is no JSON');
  }
}

/** An object in canonical JSON that has exactly these fields. */
export function canonicalObject(text: string, names: readonly string[], where: string): Fields {
  const value = parse(text, where);
  must(isObject(value) && canonical(value) === text, where, 'is not in canonical JSON');
  must(Object.keys(value).join() === names.join(), where, `must have the fields ${names.join(', ')}`);
  return value;
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { must } from './wrong.js';

export type Fields = Readonly<Record<string, unknown>>;

export function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    must(false, where, 'is no JSON');
  }
}

/** A flat object in RFC 8785 canonical JSON that has exactly these fields, named in the order of the RFC: sorted. */
export function canonicalObject(text: string, names: readonly string[], where: string): Fields {
  const value = parse(text, where);
  must(isObject(value) && JSON.stringify(value) === text, where, 'is not in canonical JSON');
  must(Object.keys(value).join() === names.join(), where, `must have the fields ${names.join(', ')}`);
  return value;
}

export function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

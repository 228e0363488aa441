import { readText, type Given } from '../design/address.js';

export function listSearch({ q }: Given): { readonly q?: string | undefined } {
  return { q: readText(q) };
}

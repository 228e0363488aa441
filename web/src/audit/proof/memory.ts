import type { Memory } from './log.js';

const place = (dossier: string): string => `standpoint-log/${dossier}`;

/** What this browser keeps of a dossier's log, by the dossier's id: nobody else can change what it has seen. */
export function remembered(dossier: string): Memory | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(place(dossier)) ?? 'null');
    if (typeof value !== 'object' || value === null || !('key' in value) || !('checkpoint' in value))
      return null;
    const { key, checkpoint } = value;
    return typeof key === 'string' && typeof checkpoint === 'string' ? { key, checkpoint } : null;
  } catch {
    return null;
  }
}

export function remember(dossier: string, memory: Memory): void {
  localStorage.setItem(place(dossier), JSON.stringify(memory));
}

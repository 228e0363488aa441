/** What a refusal says of itself, which names what to change; or `unreachable`, where nothing was answered. */
export function explain(error: Error, unreachable: string): string {
  return error.name === 'Refusal' ? error.message : unreachable;
}

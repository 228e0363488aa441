/** An event of an export (docs/proof.md, "Export"), and what it commits to, or which event has erased that. */
export interface ExportedEvent {
  readonly entry: string;
  readonly content:
    { readonly payload: string; readonly salt: string } | { readonly redactedBy: number } | null;
}

/** The lines of a text as it arrives. Whoever stops reading stops the text. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void, void> {
  const reader = body.getReader();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // it has failed already
  }
}

/** The events of an export, in order. What else it holds is passed over. */
export async function* exportedEvents(
  lines: AsyncIterable<string>,
): AsyncGenerator<ExportedEvent, void, void> {
  let entry: string | null = null;
  for await (const line of lines) {
    const rest = line.slice(2);
    if (line.startsWith('E ')) entry = rest;
    else if (entry !== null && /^[PR] /.test(line)) {
      yield { entry, content: line.startsWith('P') ? carried(rest) : erased(rest) };
      entry = null;
    }
  }
}

function carried(rest: string): ExportedEvent['content'] {
  const end = rest.indexOf(' ');
  return end < 0 ? null : { salt: rest.slice(0, end), payload: rest.slice(end + 1) };
}

function erased(rest: string): ExportedEvent['content'] {
  return /^[1-9]\d{0,14}$/.test(rest) ? { redactedBy: Number(rest) } : null;
}

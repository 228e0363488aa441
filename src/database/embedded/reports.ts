/** Where is told, line by line, what happens to the embedded server: whose end nobody else would explain. */
export interface Reports {
  /** Of what goes as it should. */
  debug(line: string): void;
  /** Of what an operator should know. */
  warn(line: string): void;
}

export const SILENCE: Reports = { debug: () => undefined, warn: () => undefined };

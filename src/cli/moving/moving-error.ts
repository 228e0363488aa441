/** A dossier could not be moved: one line for the operator. */
export class MovingError extends Error {
  override readonly name = 'MovingError';
}

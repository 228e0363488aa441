/** The database cannot be used: one line for whoever starts the service. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

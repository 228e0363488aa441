/** The first wrong thing that was found, by name: `event 7`, `tile 0/3`, `checkpoint 512`. */
export class Wrong extends Error {
  override readonly name = 'Wrong';

  constructor(
    readonly where: string,
    readonly what: string,
  ) {
    super(`${where}: ${what}`);
  }
}

/** An event whose entry is not what was hashed: told as soon as its tile is read, and better than that nothing fits any more. */
export class WrongLeaf extends Wrong {
  constructor(
    readonly sequence: number,
    tile: string,
  ) {
    super(`event ${sequence}`, `its entry is not the one that was hashed (${tile})`);
  }
}

export function must(holds: boolean, where: string, what: string): asserts holds {
  if (!holds) throw new Wrong(where, what);
}

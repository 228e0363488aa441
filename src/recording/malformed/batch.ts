import type { StatementInput } from '../../domain/record-statement.js';
import { Rejection, under, type Finding } from '../../domain/rejection.js';
import type { Drafting } from '../statements/drafting.js';
import { pathsUnder } from './paths.js';

/** A statement of a batch; `malformed`: the paths of what is wrong with it, so that all else is as its class says. */
interface Item {
  readonly input: StatementInput;
  readonly malformed: ReadonlySet<string>;
}

/** What else is wrong with a batch some of whose statements are malformed: each is seen after those before it. */
export async function findBesidesInBatch(
  statements: readonly StatementInput[],
  malformed: ReadonlySet<string>,
  drafting: Drafting,
): Promise<Finding[]> {
  const items = statements.map((input, index) => ({
    input,
    malformed: pathsUnder(`statements.${index}`, malformed),
  }));
  await drafting.prepare(items.filter(refers).map(({ input }) => input));
  const lost = new Set<string>();
  const found: Finding[] = [];
  for (const [index, item] of items.entries()) {
    if (item.malformed.has('')) continue;
    const errors = await look(item, lost, drafting);
    if (errors === null) continue;
    if (item.input.slug) lost.add(item.input.slug);
    found.push(...under(`statements.${index}`, errors));
  }
  return found;
}

function refers({ input, malformed }: Item): boolean {
  return !malformed.has('') && !malformed.has('refersTo') && Boolean(input.refersTo);
}

/** What else is wrong with a statement; null where nothing is wrong with it at all, and later ones may refer to it. `lost`: slugs of which that cannot be said. */
async function look(
  { input, malformed }: Item,
  lost: ReadonlySet<string>,
  drafting: Drafting,
): Promise<readonly Finding[] | null> {
  const doubtful =
    input.refersTo && lost.has(input.refersTo) ? new Set([...malformed, 'refersTo']) : malformed;
  if (doubtful.size > 0) return drafting.findBesides(input, doubtful);
  try {
    drafting.keep(await drafting.draft(input, 0));
    return null;
  } catch (error) {
    if (error instanceof Rejection) return error.errors.map((each) => ({ code: error.code, ...each }));
    throw error;
  }
}

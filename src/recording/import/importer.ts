import { setImmediate } from 'node:timers/promises';
import type { Cast } from '../../domain/cast.js';
import type { Dossiers } from '../../dossiers/dossiers.js';
import { Malformed, type BodyChecker } from '../../http/body-checker.js';
import { problemOf, type Problem } from '../../http/problem.js';
import type { Answered, EventLog } from '../../ledger/event-log.js';
import { SpeakerInput } from '../cast/inputs.js';
import { findBesidesInSpeaker } from '../cast/things.js';
import { decideAddition } from '../cast/add-thing.js';
import type { Surroundings } from '../../dossiers/surroundings.js';
import { Drafting } from '../statements/drafting.js';
import { NewStatement } from '../statements/inputs.js';
import type { SourceTexts } from '../statements/source-texts.js';
import type { StatementLookup } from '../statements/statement-lookup.js';
import {
  fingerprintOf,
  repeat,
  type Decision,
  type Receipt,
  type WriteContext,
  type Writer,
} from '../../dossiers/write.js';
import { readItem, type ImportItem } from './import-line.js';
import type { Line } from './lines.js';

/** UTF-16 units of text that are read without a pause: a few dozen statements, or one line that is bad all over. */
const READ_AT_ONCE = 30_000;

/** What became of a line. */
export type LineResult =
  | {
      readonly line: number;
      readonly status: 201;
      readonly kind: string;
      readonly id: string;
      readonly sequence: number;
    }
  | { readonly line: number; readonly status: number; readonly problem: Problem };

export interface ImporterParts {
  readonly dossiers: Dossiers;
  readonly log: EventLog;
  readonly writer: Writer;
  readonly lookup: StatementLookup;
  readonly texts: SourceTexts;
  readonly checker: BodyChecker;
  readonly surroundings: Surroundings;
}

/** What a line's result tells; it is also what is kept under the line's idempotency key. */
interface LineReceipt extends Receipt {
  readonly kind: string;
  readonly id: string;
}

/** What a line asks for, or why it cannot be read. */
type Read =
  | { readonly status: 'readable'; readonly item: ImportItem }
  | { readonly status: 'refused'; readonly reason: unknown };

/** A line that has been submitted. It resolves to null where something that it rested on has changed meanwhile. */
interface Pending {
  readonly line: Line;
  readonly read: Read;
  readonly receipt: Promise<LineReceipt | null>;
}

type Decided =
  | { readonly status: 'decided'; readonly decision: Decision<LineReceipt> }
  | { readonly status: 'answered'; readonly receipt: LineReceipt }
  | { readonly status: 'refused'; readonly reason: unknown };

/** What decisions rest on, and what they leave for later ones. */
interface Desk {
  readonly cast: Cast;
  readonly drafting: Drafting;
}

/** Takes lines in, in order. Those that arrive together share round trips and commits; each is written or refused for itself. */
export class Importer {
  constructor(
    private readonly parts: ImporterParts,
    private readonly dossier: string,
    private readonly context: WriteContext,
    private readonly stopOnError: boolean,
  ) {}

  /** The results of lines that arrived together, in order. With `stopOnError` the last one is the first that was refused. */
  async *take(chunk: readonly Line[]): AsyncGenerator<LineResult> {
    const lines = chunk.filter(({ text }) => text === null || text.trim() !== '');
    const groups = this.stopOnError ? lines.map((line) => [line]) : [lines];
    for (const group of groups) {
      for await (const result of this.takeTogether(group)) {
        yield result;
        if (this.stopOnError && result.status !== 201) return;
      }
    }
  }

  private async *takeTogether(lines: readonly Line[]): AsyncGenerator<LineResult> {
    const earlier = await this.earlier(lines);
    const read = await this.readAll(lines);
    let desk = await this.desk(read.map((each) => each.read));
    let pending: Pending[] = [];
    let castChanges = false;
    for (const [index, each] of read.entries()) {
      if (castChanges && refersToCast(each.read)) {
        yield* this.settle(pending);
        pending = [];
        castChanges = false;
        desk = await this.desk(read.slice(index).map((later) => later.read));
      }
      const decision = await this.decide(each.line, each.read, desk, earlier);
      pending.push({ ...each, receipt: this.submit(each.line, decision) });
      castChanges ||= changesCast(each.read);
    }
    yield* this.settle(pending);
  }

  /** Reads lines in turns with whatever else the service does: to explain what is wrong with one may take long. */
  private async readAll(lines: readonly Line[]): Promise<{ readonly line: Line; readonly read: Read }[]> {
    const all: { readonly line: Line; readonly read: Read }[] = [];
    let sincePause = 0;
    for (const line of lines) {
      sincePause += line.text?.length ?? 0;
      all.push({ line, read: this.read(line) });
      if (sincePause < READ_AT_ONCE) continue;
      await setImmediate();
      sincePause = 0;
    }
    return all;
  }

  private read(line: Line): Read {
    try {
      return { status: 'readable', item: readItem(line, this.parts.checker) };
    } catch (reason) {
      return { status: 'refused', reason };
    }
  }

  /** Reads in one go what the decisions on these lines rest on. */
  private async desk(lines: readonly Read[]): Promise<Desk> {
    const { dossiers, lookup, texts, surroundings } = this.parts;
    const { cast } = await dossiers.current(this.dossier);
    const { recordedBy } = this.context.provenance;
    const drafting = new Drafting({
      lookup,
      texts,
      newId: surroundings.newId,
      dossier: this.dossier,
      cast,
      recordedBy,
    });
    await drafting.prepare(
      lines.flatMap((read) =>
        read.status === 'readable' && read.item.kind === 'statement' ? [read.item.input] : [],
      ),
    );
    return { cast, drafting };
  }

  private async decide(
    line: Line,
    read: Read,
    desk: Desk,
    earlier: ReadonlyMap<string, Answered>,
  ): Promise<Decided> {
    try {
      if (read.status === 'refused') throw await explain(read.reason, desk);
      const { idempotency } = this.contextOf(line);
      const answered = idempotency === null ? undefined : earlier.get(idempotency.key);
      if (answered !== undefined && idempotency !== null)
        return { status: 'answered', receipt: repeat<LineReceipt>(answered, idempotency) };
      return { status: 'decided', decision: await this.decision(read.item, desk) };
    } catch (reason) {
      return { status: 'refused', reason };
    }
  }

  private async decision(item: ImportItem, { cast, drafting }: Desk): Promise<Decision<LineReceipt>> {
    if (item.kind !== 'statement') {
      const decision = decideAddition(item.kind, item.input, cast, this.parts.surroundings.newId);
      return {
        ...decision,
        answer: {
          sequence: decision.answer.sequence,
          recordedAt: '',
          kind: item.kind,
          id: decision.answer.id,
        },
      };
    }
    const draft = await drafting.draft(item.input, 0);
    drafting.keep(draft);
    return { ...draft, answer: { sequence: 0, recordedAt: '', kind: 'statement', id: draft.statement.id } };
  }

  /** Hands a decision to the log; whoever settles the line waits for it. */
  private submit(line: Line, decided: Decided): Promise<LineReceipt | null> {
    if (decided.status === 'answered') return Promise.resolve(decided.receipt);
    const receipt =
      decided.status === 'refused'
        ? Promise.reject<never>(decided.reason)
        : this.parts.writer.attempt(this.dossier, this.contextOf(line), decided.decision);
    receipt.catch(() => undefined); // it is asked for its outcome in its turn
    return receipt;
  }

  /** The outcomes in order. A line whose decision was overtaken is decided again once all before it are settled. */
  private async *settle(pending: readonly Pending[]): AsyncGenerator<LineResult> {
    for (const { line, read, receipt } of pending) {
      try {
        const { kind, id, sequence } = (await receipt) ?? (await this.again(line, read));
        yield { line: line.number, status: 201, kind, id, sequence };
      } catch (error) {
        const problem = problemOf(error);
        yield { line: line.number, status: problem.status, problem };
      }
    }
  }

  private again(line: Line, read: Read): Promise<LineReceipt> {
    return this.parts.writer.write(this.dossier, this.contextOf(line), async () => {
      if (read.status === 'refused') throw read.reason;
      return this.decision(read.item, await this.desk([read]));
    });
  }

  /** What earlier tries of this import have answered, by the key of each line. */
  private async earlier(lines: readonly Line[]): Promise<Map<string, Answered>> {
    const keys = lines.flatMap((line) => this.contextOf(line).idempotency?.key ?? []);
    return keys.length === 0 ? new Map() : this.parts.log.answered(this.dossier, keys);
  }

  /** A line's own key: the import's with the line's number. */
  private contextOf({ number, text }: Line): WriteContext {
    const { idempotency } = this.context;
    if (idempotency === null) return this.context;
    return {
      ...this.context,
      idempotency: { key: `${idempotency.key}#${number}`, fingerprint: fingerprintOf('import', text ?? '') },
    };
  }
}

/** With what the dossier shows to be wrong with a line besides its malformed fields. */
async function explain(reason: unknown, { cast, drafting }: Desk): Promise<unknown> {
  if (!(reason instanceof Malformed) || reason.paths.has('')) return reason;
  const { type, paths } = reason;
  const body = reason.body as object; // holds: where it is no object, all of it is malformed
  if (type === NewStatement) return reason.and(await drafting.findBesides(body, paths));
  return type === SpeakerInput ? reason.and(findBesidesInSpeaker(body, paths, cast)) : reason;
}

function changesCast(read: Read): boolean {
  return read.status === 'readable' && read.item.kind !== 'statement';
}

function refersToCast(read: Read): boolean {
  return read.status === 'refused' || read.item.kind === 'statement' || read.item.kind === 'speaker';
}

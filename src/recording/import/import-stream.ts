import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { Dossiers } from '../../dossiers/dossiers.js';
import { BodyChecker } from '../../http/body-checker.js';
import { EventLog } from '../../ledger/event-log.js';
import { SURROUNDINGS, type Surroundings } from '../../dossiers/surroundings.js';
import { SourceTexts } from '../statements/source-texts.js';
import { StatementLookup } from '../statements/statement-lookup.js';
import { Writer, type WriteContext } from '../../dossiers/write.js';
import { Importer, type LineResult } from './importer.js';
import { inChunks, readLines, type Line } from './lines.js';

/** Most lines that are taken together. */
const CHUNK = 500;

/** Imports an NDJSON stream of any length. Answers with a generator: nothing is read faster than its results are taken. */
export class ImportStream extends Command<AsyncGenerator<LineResult>> {
  constructor(
    readonly dossier: string,
    readonly stream: AsyncIterable<Buffer>,
    readonly stopOnError: boolean,
    readonly context: WriteContext,
  ) {
    super();
  }
}

@CommandHandler(ImportStream)
export class ImportStreamHandler implements ICommandHandler<ImportStream> {
  constructor(
    readonly dossiers: Dossiers,
    readonly log: EventLog,
    readonly writer: Writer,
    readonly lookup: StatementLookup,
    readonly texts: SourceTexts,
    readonly checker: BodyChecker,
    @Inject(SURROUNDINGS) readonly surroundings: Surroundings,
  ) {}

  async execute({
    dossier,
    stream,
    stopOnError,
    context,
  }: ImportStream): Promise<AsyncGenerator<LineResult>> {
    const { id } = await this.dossiers.current(dossier);
    const importer = new Importer(this, id, context, stopOnError);
    return results(importer, stream, stopOnError);
  }
}

async function* results(
  importer: Importer,
  stream: AsyncIterable<Buffer>,
  stopOnError: boolean,
): AsyncGenerator<LineResult> {
  const lines = readLines(stream);
  for await (const chunk of inChunks(lines, CHUNK)) {
    for await (const result of importer.take(chunk)) {
      yield result;
      if (stopOnError && result.status !== 201) return void discard(lines);
    }
  }
}

/** Takes what is still sent off the connection: a client that sends all before it reads would never read why the import has stopped. */
async function discard(lines: AsyncIterator<Line>): Promise<void> {
  try {
    while (!(await lines.next()).done);
  } catch {
    // the client has gone, and nobody waits for these lines
  }
}

import { Controller, Get, Param, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Readable } from 'node:stream';
import { Admission, type Entry } from '../../access/admission.js';
import { OpenStreams } from '../../access/limits/open-streams.js';
import { Entered, Needs } from '../../access/needs.decorator.js';
import { Answers, TEXT } from '../../http/answers.js';
import { ExportDossier } from './export-dossier.js';

const EXPORT = 'text/plain; charset=utf-8';

@ApiTags('Audit')
@Controller('api/v1/dossiers/:dossier/export')
export class ExportController {
  constructor(
    private readonly queries: QueryBus,
    private readonly admission: Admission,
    private readonly streams: OpenStreams,
  ) {}

  /** The whole dossier with its proofs, as docs/proof.md says. One that is cut off lacks the last line, which begins with Z. */
  @Get()
  @Needs('audit')
  @Answers(200, TEXT, 'Export the dossier with its proofs.', 'text/plain')
  async export(
    @Param('dossier') dossier: string,
    @Entered() entry: Entry,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const closed = this.streams.add(reply.request);
    reply.raw.once('close', closed);
    const { dossier: id, chunks } = await this.queries.execute(
      new ExportDossier(dossier, () => this.admission.holds(entry)),
    );
    const name = `standpoint-${id}.export`;
    await reply
      .headers({
        'Content-Type': EXPORT,
        'Cache-Control': 'no-store',
        'Content-Disposition': `attachment; filename="${name}"`,
      })
      .send(Readable.from(chunks, { objectMode: false, highWaterMark: 1 << 20 }));
  }
}

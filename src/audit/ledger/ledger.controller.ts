import { Body, Controller, Get, Param, Post, Query, Req, Res } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Needs } from '../../access/needs.decorator.js';
import { Answers, ref, TEXT } from '../../http/answers.js';
import { LONGEST, Text } from '../../http/fields.js';
import { QueryNumber } from '../../http/queries.js';
import { CosignCheckpoint, type Cosignatures } from './cosign.js';
import {
  GiveReceipt,
  ProveConsistency,
  ProveEvent,
  type ConsistencyProof,
  type EventProof,
} from './prove-events.js';
import { ListVerifierKeys, ShowCheckpoint } from './show-checkpoint.js';
import { ShowTile } from './show-tile.js';

const PLAIN = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';

/** Nobody but who asked may keep it: most logs are not for everybody. It never changes. */
const FOR_EVER = 'private, max-age=31536000, immutable';

export class CheckpointQuery {
  @QueryNumber(
    1,
    Number.MAX_SAFE_INTEGER,
    'The sequence of an event: the first checkpoint that covers it, which a replaced key has signed too; the last one if not given.',
  )
  readonly covering?: number;
}

export class ProofQuery {
  @QueryNumber(1, Number.MAX_SAFE_INTEGER, 'The size of the tree; that of the last checkpoint if not given.')
  readonly size?: number;
}

export class ConsistencyQuery {
  @QueryNumber(1, Number.MAX_SAFE_INTEGER, 'The smaller size; 1 if not given.')
  readonly from?: number;

  @QueryNumber(1, Number.MAX_SAFE_INTEGER, 'The larger size; that of the last checkpoint if not given.')
  readonly to?: number;
}

export class CosignedCheckpoint {
  @Text({
    max: LONGEST.prose,
    description:
      'A checkpoint of this log as a signed note, with signature lines of witnesses (C2SP tlog-cosignature).',
  })
  readonly checkpoint!: string;
}

/** The transparency log of a dossier: docs/proof.md. */
@ApiTags('Audit')
@Controller('api/v1/dossiers/:dossier/ledger')
export class LedgerController {
  constructor(
    private readonly queries: QueryBus,
    private readonly commands: CommandBus,
  ) {}

  @Get('checkpoint')
  @Needs('audit')
  @Answers(
    200,
    TEXT,
    'Show the signed checkpoint that covers the whole log, or the first that covers an event (C2SP tlog-checkpoint).',
    'text/plain',
  )
  async checkpoint(
    @Param('dossier') dossier: string,
    @Query() { covering }: CheckpointQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    await reply.type(PLAIN).send(await this.queries.execute(new ShowCheckpoint(dossier, covering)));
  }

  @Get('key')
  @Needs('audit')
  @Answers(200, TEXT, 'Show the verifier key of the log (C2SP signed-note).', 'text/plain')
  async key(@Param('dossier') dossier: string, @Res() reply: FastifyReply): Promise<void> {
    const [current] = await this.queries.execute(new ListVerifierKeys(dossier));
    await reply.type(PLAIN).send(`${current}\n`);
  }

  @Get('keys')
  @Needs('audit')
  @Answers(200, TEXT, 'List the verifier keys of the log, a line each, the current one first.', 'text/plain')
  async keys(@Param('dossier') dossier: string, @Res() reply: FastifyReply): Promise<void> {
    const keys = await this.queries.execute(new ListVerifierKeys(dossier));
    await reply.type(PLAIN).send(keys.map((key) => `${key}\n`).join(''));
  }

  @Get('proofs/:sequence')
  @Needs('audit')
  @Answers(200, ref('EventProof'), 'Prove that an event is in the log.')
  proof(
    @Param('dossier') dossier: string,
    @Param('sequence') sequence: string,
    @Query() { size }: ProofQuery,
  ): Promise<EventProof> {
    return this.queries.execute(new ProveEvent(dossier, sequence, size));
  }

  @Get('receipts/:sequence')
  @Needs('audit')
  @Answers(
    200,
    TEXT,
    'Give a proof of an event that is checked without the service (C2SP tlog-proof).',
    'text/plain',
  )
  async receipt(
    @Param('dossier') dossier: string,
    @Param('sequence') sequence: string,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const receipt = await this.queries.execute(new GiveReceipt(dossier, sequence));
    await reply
      .type(PLAIN)
      .header('Content-Disposition', `attachment; filename="${sequence}.tlog-proof"`)
      .send(receipt);
  }

  @Get('consistency')
  @Needs('audit')
  @Answers(200, ref('ConsistencyProof'), 'Prove that the log has only grown from one size to another.')
  consistency(
    @Param('dossier') dossier: string,
    @Query() { from = 1, to }: ConsistencyQuery,
  ): Promise<ConsistencyProof> {
    return this.queries.execute(new ProveConsistency(dossier, from, to));
  }

  /** `<L>/<N>[.p/<W>]` and `entries/<N>[.p/<W>]`, with slashes in them. */
  @Get('tile/*')
  @Needs('audit')
  @ApiParam({ name: 'path', schema: { type: 'string' }, description: 'As it is, slashes included.' })
  @Answers(
    200,
    { type: 'string', contentMediaType: BYTES },
    'Show a tile, or a bundle of entries (C2SP tlog-tiles).',
    BYTES,
  )
  async tile(
    @Param('dossier') dossier: string,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [, address = ''] = /\/ledger\/tile\/([^?]*)/.exec(request.url) ?? [];
    const tile = await this.queries.execute(new ShowTile(dossier, address));
    await reply.type(BYTES).header('Cache-Control', FOR_EVER).send(tile);
  }

  @Post('cosignatures')
  @Needs('audit')
  @Answers(201, ref('Cosignatures'), 'Add signatures of witnesses to a checkpoint.')
  cosign(
    @Param('dossier') dossier: string,
    @Body() { checkpoint }: CosignedCheckpoint,
  ): Promise<Cosignatures> {
    return this.commands.execute(new CosignCheckpoint(dossier, checkpoint));
  }
}

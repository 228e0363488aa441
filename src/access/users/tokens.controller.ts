import { Body, Controller, Delete, Get, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SURROUNDINGS, type Surroundings } from '../../dossiers/surroundings.js';
import type { Receipt, WriteContext } from '../../dossiers/write.js';
import { Answers, pageSchema, ref } from '../../http/answers.js';
import { DEFAULT_LIMIT, PageQuery, pageOf, readCursor, type Page } from '../../http/paging.js';
import { AccessLog } from '../log/access-log.js';
import { AccessWriter } from '../log/access-writer.js';
import { Needs } from '../needs.decorator.js';
import { ReasonQuery } from '../reason-query.js';
import { TokenUses } from '../token-uses.js';
import { newToken } from '../tokens.js';
import { WriteHeaders, Writes } from '../write-context.decorator.js';
import { findUser, issueToken, revokeToken } from './decisions.js';
import { NewToken } from './inputs.js';
import { viewToken, type TokenView } from './views.js';

@ApiTags('Access')
@Controller('api/v1/users/:user/tokens')
export class TokenController {
  constructor(
    private readonly access: AccessLog,
    private readonly writer: AccessWriter,
    private readonly uses: TokenUses,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  /** The secret is in the first answer only: a repetition under the same Idempotency-Key answers `token: null`. */
  @Post()
  @Needs('administer')
  @WriteHeaders()
  @Answers(201, ref('TokenReceipt'), 'Issue a token. It is shown this once and kept nowhere.')
  async issue(
    @Param('user') user: string,
    @Body() { label, expiresAt }: NewToken,
    @Writes() context: WriteContext,
  ): Promise<TokenView & Receipt & { readonly token: string | null }> {
    const issued = newToken();
    const token = {
      id: this.surroundings.newId(),
      issued,
      label: label ?? null,
      expiresAt: expiresAt === undefined || expiresAt === null ? null : utc(expiresAt),
      now: this.surroundings.now(),
    };
    const answer = await this.writer.write(context, (state) => issueToken(state, user, token));
    return { ...answer, issuedAt: answer.recordedAt, token: answer.id === token.id ? issued.secret : null };
  }

  @Get()
  @Needs('administer')
  @Answers(200, pageSchema(ref('Token')), 'List the tokens of a user, without their secrets.')
  async list(
    @Param('user') user: string,
    @Query() { limit = DEFAULT_LIMIT, cursor }: PageQuery,
  ): Promise<Page<TokenView>> {
    const [after = ''] = readCursor(cursor, ['uuid']) ?? [];
    await this.access.refresh();
    const tokens = [...findUser(this.access.state, user).tokens.values()]
      .filter(({ id }) => id > after)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
      .slice(0, limit + 1);
    const used = await this.uses.lastUsed(tokens.map(({ id }) => id));
    return pageOf(
      tokens,
      limit,
      ({ id }) => [id],
      (token) => viewToken(token, used.get(token.id) ?? null),
    );
  }

  @Delete(':token')
  @Needs('administer')
  @WriteHeaders()
  @Answers(200, ref('RevokedToken'), 'Revoke a token: it is refused from now on, and so are its sessions.')
  async revoke(
    @Param('user') user: string,
    @Param('token') token: string,
    @Query() { reason }: ReasonQuery,
    @Writes() context: WriteContext,
  ): Promise<TokenView & Receipt> {
    const now = this.surroundings.now();
    const answer = await this.writer.write(context, (state) =>
      revokeToken(state, user, token, reason ?? null, now),
    );
    const { id, revoked } = answer;
    const recorded = findUser(this.access.state, user).tokens.get(id)?.revoked ?? revoked;
    return { ...answer, revoked: recorded, lastUsedAt: (await this.uses.lastUsed([id])).get(id) ?? null };
  }
}

function utc(instant: string): string {
  return new Date(Date.parse(instant)).toISOString();
}

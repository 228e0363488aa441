import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SURROUNDINGS, type Surroundings } from '../../dossiers/surroundings.js';
import type { Receipt, WriteContext } from '../../dossiers/write.js';
import { Inject } from '@nestjs/common';
import { Answers, pageSchema, ref } from '../../http/answers.js';
import { DEFAULT_LIMIT, PageQuery, pageOf, readCursor, type Page } from '../../http/paging.js';
import { AccessLog } from '../log/access-log.js';
import { AccessWriter } from '../log/access-writer.js';
import { Needs } from '../needs.decorator.js';
import { WriteHeaders, Writes } from '../write-context.decorator.js';
import { createUser, disableUser, enableUser, findUser, setOverallRole } from './decisions.js';
import { NewUser, UserReason, UserRole } from './inputs.js';
import { viewUser, type UserView } from './views.js';

@ApiTags('Access')
@Controller('api/v1/users')
export class UserController {
  constructor(
    private readonly access: AccessLog,
    private readonly writer: AccessWriter,
    @Inject(SURROUNDINGS) private readonly surroundings: Surroundings,
  ) {}

  @Post()
  @Needs('administer')
  @WriteHeaders()
  @Answers(201, ref('UserReceipt'), 'Create a user.')
  create(
    @Body() { slug, name, role }: NewUser,
    @Writes() context: WriteContext,
  ): Promise<UserView & Receipt> {
    const user = { id: this.surroundings.newId(), slug, name: name ?? slug, role: role ?? null };
    return this.writer.write(context, (state) => createUser(state, user));
  }

  @Get()
  @Needs('administer')
  @Answers(200, pageSchema(ref('User')), 'List the users.')
  async list(@Query() { limit = DEFAULT_LIMIT, cursor }: PageQuery): Promise<Page<UserView>> {
    const [after = ''] = readCursor(cursor, ['uuid']) ?? [];
    await this.access.refresh();
    const users = [...this.access.state.users.values()]
      .filter(({ id }) => id > after)
      .toSorted((one, other) => (one.id < other.id ? -1 : 1))
      .slice(0, limit + 1);
    return pageOf(users, limit, ({ id }) => [id], viewUser);
  }

  @Get(':user')
  @Needs('administer')
  @Answers(200, ref('User'), 'Show a user.')
  async show(@Param('user') user: string): Promise<UserView> {
    await this.access.refresh();
    return viewUser(findUser(this.access.state, user));
  }

  @Put(':user/role')
  @Needs('administer')
  @WriteHeaders()
  @Answers(200, ref('UserReceipt'), 'Say what a user may do in the whole installation.')
  setRole(
    @Param('user') user: string,
    @Body() { role, reason }: UserRole,
    @Writes() context: WriteContext,
  ): Promise<UserView & Receipt> {
    const to = role === 'none' ? null : role;
    return this.writer.write(context, (state) => setOverallRole(state, user, to, reason ?? null));
  }

  @Post(':user/disable')
  @Needs('administer')
  @HttpCode(200)
  @WriteHeaders()
  @Answers(200, ref('UserReceipt'), 'Keep a user out: none of their tokens and sessions is accepted.')
  disable(
    @Param('user') user: string,
    @Body() { reason }: UserReason,
    @Writes() context: WriteContext,
  ): Promise<UserView & Receipt> {
    return this.writer.write(context, (state) => disableUser(state, user, reason));
  }

  @Post(':user/enable')
  @Needs('administer')
  @HttpCode(200)
  @WriteHeaders()
  @Answers(200, ref('UserReceipt'), 'Let a user in again.')
  enable(
    @Param('user') user: string,
    @Body() { reason }: UserReason,
    @Writes() context: WriteContext,
  ): Promise<UserView & Receipt> {
    return this.writer.write(context, (state) => enableUser(state, user, reason));
  }
}

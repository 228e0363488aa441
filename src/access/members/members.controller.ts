import { Body, Controller, Delete, Get, Param, Put, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Dossiers } from '../../dossiers/dossiers.js';
import type { Receipt, WriteContext } from '../../dossiers/write.js';
import { Answers, pageSchema, ref } from '../../http/answers.js';
import { Choice, LONGEST, Text } from '../../http/fields.js';
import { DEFAULT_LIMIT, PageQuery, pageOf, readCursor, type Page } from '../../http/paging.js';
import { AccessLog } from '../log/access-log.js';
import { AccessWriter } from '../log/access-writer.js';
import { Needs } from '../needs.decorator.js';
import { ReasonQuery } from '../reason-query.js';
import { ROLES, type Role } from '../roles.js';
import { WriteHeaders, Writes } from '../write-context.decorator.js';
import { grantRole, revokeRole, viewMember, type MemberView } from './decisions.js';

export class MemberRole {
  @Choice(ROLES, { name: 'Role' })
  readonly role!: Role;

  @Text({ max: LONGEST.line, optional: true })
  readonly reason?: string | null;
}

@ApiTags('Access')
@Controller('api/v1/dossiers/:dossier/members')
export class MemberController {
  constructor(
    private readonly access: AccessLog,
    private readonly writer: AccessWriter,
    private readonly dossiers: Dossiers,
  ) {}

  @Get()
  @Needs('oversee')
  @Answers(200, pageSchema(ref('Member')), 'List the members of a dossier.')
  async list(
    @Param('dossier') dossier: string,
    @Query() { limit = DEFAULT_LIMIT, cursor }: PageQuery,
  ): Promise<Page<MemberView>> {
    const [after = ''] = readCursor(cursor, ['uuid']) ?? [];
    const { id } = await this.dossiers.current(dossier);
    await this.access.refresh();
    const { members, users } = this.access.state;
    const found = [...(members.get(id) ?? [])]
      .filter(([user]) => user > after)
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .slice(0, limit + 1)
      .flatMap(([user, role]) => {
        const known = users.get(user);
        return known === undefined ? [] : [{ known, role }];
      });
    return pageOf(
      found,
      limit,
      ({ known }) => [known.id],
      ({ known, role }) => viewMember(known, role),
    );
  }

  @Put(':user')
  @Needs('administer')
  @WriteHeaders()
  @Answers(200, ref('MemberReceipt'), 'Make a user a member of a dossier, in this role and no other.')
  async grant(
    @Param('dossier') dossier: string,
    @Param('user') user: string,
    @Body() { role, reason }: MemberRole,
    @Writes() context: WriteContext,
  ): Promise<MemberView & Receipt> {
    const { id } = await this.dossiers.current(dossier);
    return this.writer.write(context, (state) => grantRole(state, id, user, role, reason ?? null));
  }

  @Delete(':user')
  @Needs('administer')
  @WriteHeaders()
  @Answers(200, ref('MemberReceipt'), 'Take a user out of a dossier. Answers with what they were.')
  async revoke(
    @Param('dossier') dossier: string,
    @Param('user') user: string,
    @Query() { reason }: ReasonQuery,
    @Writes() context: WriteContext,
  ): Promise<MemberView & Receipt> {
    const { id } = await this.dossiers.current(dossier);
    return this.writer.write(context, (state) => revokeRole(state, id, user, reason ?? null));
  }
}

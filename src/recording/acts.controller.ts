import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Needs } from '../access/needs.decorator.js';
import { ACT_NAMES, ACTS, type Act, type ActRule, type Bond } from '../domain/acts.js';
import { Answers, listOf, record, ref } from '../http/answers.js';

interface ActView extends Omit<ActRule, 'refersTo' | 'requires'> {
  readonly act: Act;
  readonly refersTo: {
    readonly acts: 'any' | readonly string[];
    readonly bond: Bond | null;
    readonly optional: boolean;
  } | null;
  readonly requires: readonly string[];
}

const CATALOGUE: readonly ActView[] = ACT_NAMES.map((act) => {
  const { meaning, refersTo, requires = [], stance, codes } = ACTS[act];
  const shown =
    refersTo === undefined
      ? null
      : { acts: refersTo.acts, bond: refersTo.bond ?? null, optional: refersTo.optional ?? false };
  return { act, meaning, refersTo: shown, requires, stance, codes };
});

/** The catalogue of acts, for forms and for crosswalks. */
@ApiTags('Statements')
@Controller('api/v1/acts')
export class ActController {
  @Get()
  @Needs('enter')
  @Answers(200, record({ items: listOf(ref('ActRule')) }), 'List the acts and their rules.')
  list(): { items: readonly ActView[] } {
    return { items: CATALOGUE };
  }
}

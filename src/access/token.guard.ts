import {
  applyDecorators,
  Injectable,
  SetMetadata,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Rejection } from '../domain/rejection.js';
import { AdminToken, type User } from './admin-token.js';

const OPEN = 'open to anyone';

/** Marks a route that needs no token. */
export const OpenToAnyone = (): MethodDecorator & ClassDecorator =>
  applyDecorators(SetMetadata(OPEN, true), ApiSecurity({}));

export interface AuthenticatedRequest extends FastifyRequest {
  user: User;
}

/** Lets a request in that brings a valid bearer token (RFC 6750). */
@Injectable()
export class TokenGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly tokens: AdminToken,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    if (
      this.reflector.getAllAndOverride<boolean | undefined>(OPEN, [context.getHandler(), context.getClass()])
    )
      return true;
    const request = context.switchToHttp().getRequest<AuthenticatedRequest>();
    const [, token] = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.headers.authorization ?? '') ?? [];
    const user = token === undefined ? null : this.tokens.userOf(token);
    if (user === null)
      throw new Rejection('unauthenticated', 'Send a valid token: Authorization: Bearer TOKEN.');
    request.user = user;
    return true;
  }
}

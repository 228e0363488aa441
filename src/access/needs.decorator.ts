import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension, ApiSecurity } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Entry } from './admission.js';
import type { Permission } from './roles.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    needs?: Permission;
  }
  interface FastifyRequest {
    /** Undefined where a route needs nothing. */
    entry?: Entry;
  }
}

/** Declares what a route needs: without it the service does not start. `x-needs` says it in the OpenAPI document. */
export function Needs(permission: Permission): MethodDecorator {
  return applyDecorators(
    RouteConfig({ needs: permission }),
    ApiExtension('x-needs', permission),
    ...(permission === 'nothing' ? [ApiSecurity({})] : []),
  );
}

/** Under what the request was let in. */
export const Entered = createParamDecorator((_: unknown, context: ExecutionContext): Entry =>
  entryOf(context.switchToHttp().getRequest<FastifyRequest>()),
);

export function entryOf({ entry }: FastifyRequest): Entry {
  if (entry === undefined) throw new Error('A route that needs nothing asks who is there.');
  return entry;
}

/** The user of a request; for routes that let no stranger in. */
export function userOf(request: FastifyRequest): NonNullable<Entry['credential']>['user'] {
  const { credential } = entryOf(request);
  if (credential === null) throw new Error('A route that lets strangers in asks for their name.');
  return credential.user;
}

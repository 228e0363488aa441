import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum.js';
import type { FastifyRequest } from 'fastify';
import { inOneLine, Rejection } from '../domain/rejection.js';

/** Refuses the parameters of a query where the route takes none: a filter that is passed over answers another question. Probes outside the API may say what they like. */
@Injectable()
export class QueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { query, url } = context.switchToHttp().getRequest<FastifyRequest>();
    const names = Object.keys(query as object); // holds: Fastify parses a query string into an object
    if (names.length === 0 || !url.startsWith('/api/') || takesQuery(context)) return true;
    const errors = names.map((path) => ({ path, message: 'is not a known field' }));
    throw new Rejection('validation-failed', inOneLine(errors), errors);
  }
}

/** Nest keeps what each parameter of a handler is taken from, as `<type>:<index>`. */
function takesQuery(context: ExecutionContext): boolean {
  const taken: unknown = Reflect.getMetadata(
    ROUTE_ARGS_METADATA,
    context.getClass(),
    context.getHandler().name,
  );
  return Object.keys(taken ?? {}).some((key) => key.startsWith(`${RouteParamtypes.QUERY}:`));
}

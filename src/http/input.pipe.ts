import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { inOneLine, Rejection } from '../domain/rejection.js';
import { BodyChecker, explain, type BodyType } from './body-checker.js';
import { unstorable } from './unstorable.js';

/** Checks what a request brings against the class that its handler names: bodies by the compiled schema, queries by class-validator. */
@Injectable()
export class InputPipe implements PipeTransform {
  constructor(private readonly checker: BodyChecker) {}

  transform(value: unknown, { type, metatype }: ArgumentMetadata): unknown {
    if (type === 'param') return segment(value);
    if (metatype === undefined || metatype === Object || metatype === String) return value;
    if (type === 'body') return this.checker.check(metatype as BodyType<object>, value); // holds: body parameters are declared with body classes only
    return type === 'query' ? query(metatype as BodyType<object>, value) : value; // holds: likewise
  }
}

function query(type: BodyType<object>, value: unknown): object {
  const given = value as object; // holds: Fastify parses a query string into an object
  const faults = unstorable(given);
  if (faults.length > 0) throw new Rejection('unstorable-value', inOneLine(faults), faults);
  const errors = explain(type, given);
  if (errors.length > 0) throw new Rejection('validation-failed', inOneLine(errors), errors);
  return plainToInstance(type, given);
}

/** A part of an address. What cannot be stored names nothing, and the database must not be asked for it. Throws `not-found`. */
export function segment(value: unknown): unknown {
  if (unstorable(value).length > 0) throw new Rejection('not-found', 'Nothing has that address.');
  return value;
}

import { readFile, writeFile } from 'node:fs/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import openapiTS, { astToString } from 'openapi-typescript';
import { AppModule } from '../dist/src/app.module.js';
import { describeService } from '../dist/src/describe-service.js';

/**
 * Writes the types of the service's API, from its OpenAPI document, and tells whether they are others than before. Nothing is started: Nest
 * reads decorators and makes no instances.
 */
export async function writeApi(file) {
  const module = AppModule.register({ surroundings: {}, limits: {} });
  const app = await NestFactory.create(module, new FastifyAdapter(), { preview: true, logger: false });
  const types = astToString(await openapiTS(JSON.stringify(describeService(app))));
  const before = await readFile(file, 'utf8').catch(() => null);
  if (before === types) return false;
  await writeFile(file, types);
  return true;
}

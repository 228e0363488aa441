/** The least that a Nest service on Fastify does with a POST: the limit of the HTTP figures. Says its URL on a line. */
import 'reflect-metadata';
import { Body, Controller, Module, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';

class BareController {
  post(body) {
    return { id: body.act, sequence: 1 };
  }
}
Controller('bare')(BareController);
Post()(BareController.prototype, 'post', Object.getOwnPropertyDescriptor(BareController.prototype, 'post'));
Body()(BareController.prototype, 'post', 0);

class BareModule {}
Module({ controllers: [BareController] })(BareModule);

const app = await NestFactory.create(BareModule, new FastifyAdapter(), { logger: false });
await app.listen(0, '127.0.0.1');
console.log(await app.getUrl());

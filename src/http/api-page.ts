import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';

/** What the page's own HTML says inline, where the Content-Security-Policy lets nothing be said. */
const STYLE = `html { box-sizing: border-box; overflow-y: scroll; }
*, *::before, *::after { box-sizing: inherit; }
body { margin: 0; background: #fafafa; }
body > svg { position: absolute; width: 0; height: 0; }
.swagger-ui .topbar { display: none; }
`;

const STYLE_PATH = '/docs/page.css';

/** The human page of the API at `/docs`, and the document itself. */
export function showApi(app: NestFastifyApplication, document: OpenAPIObject): void {
  app
    .getHttpAdapter()
    .getInstance()
    .get(STYLE_PATH, { config: { needs: 'nothing' } }, (_request, reply) =>
      reply.type('text/css; charset=utf-8').send(STYLE),
    );
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'api/v1/openapi.json',
    customCssUrl: STYLE_PATH,
    customSiteTitle: 'Standpoint API',
  });
}

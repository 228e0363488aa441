import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

/**
 * A real provider of OpenID Connect in a process of its own, which can be stopped, started again and held up. Called with a port (0: any) and
 * with JSON: its signing keys, and its clients with the claims of their tokens. Says where it listens, then each address that it is asked for.
 */
const [, , port, configuration] = process.argv;
const { keys, clients } = JSON.parse(configuration);

const server = createServer().listen(Number(port), '127.0.0.1');
await once(server, 'listening');
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  jwks: { keys },
  clients: Object.keys(clients).map((client_id) => ({
    client_id,
    client_secret: 'secret',
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    token_endpoint_auth_method: 'client_secret_post',
  })),
  extraTokenClaims: (_, { clientId }) => clients[clientId],
  features: {
    clientCredentials: { enabled: true },
    devInteractions: { enabled: false },
    encryption: { enabled: true }, // else it would not have a key for it
    requestObjects: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        scope: '',
        audience: resource,
        accessTokenFormat: 'jwt',
        accessTokenTTL: 3_600,
      }),
    },
  },
});

const answer = provider.callback();
server.on('request', (request, response) => {
  process.stdout.write(`asked ${request.url}\n`);
  void answer(request, response);
});
process.stdout.write(`issuer ${issuer}\n`);

import { closeOnSignal } from '@flamingock/fastify';
import { createApplication } from './application.js';
import { readConfiguration } from './configuration.js';

try {
  const configuration = readConfiguration(process.env);
  const app = await createApplication(configuration);
  const url = await app.listen({ port: configuration.port, host: '127.0.0.1' });
  closeOnSignal(app);
  console.log(`listening on ${url}

Three things to try, at once and again a little later:
  curl -i ${url}/shipments
  curl ${url}/health/ready
  curl ${url}/shipments?zone=6
`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}

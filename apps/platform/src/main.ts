import { readEnvironment } from './environment.js';
import { PlatformError } from './errors.js';
import { startPlatform } from './platform.js';

try {
  const platform = await startPlatform(readEnvironment(process.env));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void platform.stop());
  console.log(`platform ready ${JSON.stringify(platform.urls)}`);
} catch (error) {
  if (!(error instanceof PlatformError)) throw error;
  console.error(`${error.code}: ${error.message}\n${error.hint}`);
  process.exitCode = 1;
}

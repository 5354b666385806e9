import { registerFlamingock } from '@flamingock/next';
import { application } from './application.js';

export async function start() {
  await registerFlamingock(async () => {
    const { options, hosting } = await application();
    return { ...options, ...hosting };
  });
  console.log('listening');
}

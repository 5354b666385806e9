export { flamingockGate as middleware } from '@flamingock/next';

export const config = { runtime: 'nodejs' };

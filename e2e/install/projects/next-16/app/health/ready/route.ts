import { readinessRoute } from '@flamingock/next';

export const GET = readinessRoute();

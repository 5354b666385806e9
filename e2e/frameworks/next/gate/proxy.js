export { flamingockGate as proxy } from '@flamingock/next';

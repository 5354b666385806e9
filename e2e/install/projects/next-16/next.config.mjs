export default {
  output: 'standalone',
  // Changes import these by themselves: they have to be there, and once.
  serverExternalPackages: ['@flamingock/core', '@flamingock/sql'],
  outputFileTracingIncludes: { '/*': ['./changes/**/*'] },
};

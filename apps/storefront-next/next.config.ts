import type { NextConfig } from 'next';

const config: NextConfig = {
  // The application is built against the built packages, as a user's is; tsconfig.json reads their sources.
  typescript: { tsconfigPath: 'tsconfig.build.json' },
};

export default config;

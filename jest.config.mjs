/** Fast tests run with `npm test`; files named *.long.test.ts only with `npm run test:long`. */
const common = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': ['@swc/jest', { jsc: { target: 'es2024', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
};

const long = process.argv.includes('long');

export default {
  projects: long
    ? [{ ...common, displayName: 'long', testMatch: ['<rootDir>/test/**/*.long.test.ts'] }]
    : [
        {
          ...common,
          displayName: 'fast',
          testMatch: ['<rootDir>/test/**/*.test.ts'],
          testPathIgnorePatterns: ['\\.long\\.test\\.ts$', '/node_modules/'],
        },
      ],
  testTimeout: 30_000,
  // Jest would leave a core free; half of what tests wait for are processes of their own.
  maxWorkers: 2,
  // A larger one takes longer to exit than the half second that Jest gives it.
  workerIdleMemoryLimit: '600MB',
};

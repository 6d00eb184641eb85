import type { Environment } from 'vitest/environments';

/** A test environment in which effects run: modules are compiled for the browser, but there is no document. */
const environment: Environment = {
  name: 'client',
  viteEnvironment: 'client',
  setup: () => ({ teardown: () => {} }),
};

export default environment;

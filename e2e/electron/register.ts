import { registerHooks } from 'node:module';

/** Maps `electron` to the stand-in for `import` and `require`. */
const standIn = new URL('module.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' || specifier === 'electron/main'
      ? { url: standIn, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context),
});

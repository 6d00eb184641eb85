import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';

/** Properties and elements are written where they belong. */
const spreadLiterals = [
  'ObjectExpression > SpreadElement > ObjectExpression',
  'ArrayExpression > SpreadElement > ArrayExpression',
].map((selector) => ({
  selector,
  message: 'Write the properties or elements themselves instead of spreading a literal.',
}));

export default ts.config(
  { ignores: ['dist/', 'release/', 'out/', 'native/build/', 'perch-results/', 'test-results/', 'coverage/'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...ts.configs.stylistic,
  ...svelte.configs.recommended,
  prettier,
  ...svelte.configs.prettier,
  {
    languageOptions: { globals: { ...globals.node } },
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...spreadLiterals],
    },
  },
  {
    files: ['src-renderer/**/*.{ts,svelte}', '**/*.svelte.ts'],
    languageOptions: { globals: { ...globals.browser }, parserOptions: { parser: ts.parser } },
    rules: {
      // Maps and sets of the state are replaced, never mutated: 10 000 images need no signal each.
      'svelte/prefer-svelte-reactivity': 'off',
      'no-restricted-syntax': [
        'error',
        ...spreadLiterals,
        {
          selector:
            ':matches(CallExpression[callee.name="$effect"], MemberExpression[object.name="$effect"])',
          message:
            'Use watch (reactivity/watch.svelte.ts) or onMount: an effect that reads what it writes never ends.',
        },
      ],
    },
  },
  {
    // Scripts that the stand-in for Electron injects into pages. It concatenates them and replaces the names in capitals.
    files: ['e2e/electron/page/*.js'],
    languageOptions: {
      globals: { ...globals.browser, createBridge: 'readonly', PRELOAD: 'readonly', VERSIONS: 'readonly' },
    },
    rules: { '@typescript-eslint/no-unused-expressions': 'off' },
  },
  {
    files: ['src-renderer/reactivity/watch.svelte.ts', 'src-renderer/**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', ...spreadLiterals] },
  },
);

import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import ts from 'typescript-eslint';

// Layers, from the ground up: pure → host, ui → app → screens → the modules that plugin.toml names.
const above = (what) => ({
  'no-restricted-imports': [
    'error',
    { patterns: [{ regex: `^@/(${what})(/|$)`, message: 'This layer may not reach up.' }] },
  ],
});

export default ts.config(
  { ignores: ['dist/', 'node_modules/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}', 'dev/**/*.ts'],
    plugins: { 'react-hooks': hooks },
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      '@typescript-eslint/consistent-type-imports': 'error',
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'The content policy forbids it (Trusted Types): build nodes.' },
      ],
    },
  },
  { files: ['src/pure/**/*.ts'], rules: above('app|ui|screens|testing|host') },
  { files: ['src/ui/**/*.{ts,tsx}'], rules: above('screens|testing') },
  { files: ['src/app/**/*.{ts,tsx}'], rules: above('screens|testing') },
  { files: ['**/*.mjs', '*.js'], languageOptions: { globals: { ...globals.node, ...globals.browser } } },
);

import js from '@eslint/js';
import hooks from 'eslint-plugin-react-hooks';
import globals from 'globals';
import ts from 'typescript-eslint';

// Layers, from the ground up: i18n, api → ui → app parts → features → app (shell, routes). A file may reach down only.
const forbid = (...patterns) => ({ 'no-restricted-imports': ['error', { patterns }] });
const featureInside = {
  regex: '(^|/)features/[^/]+/.+',
  message: 'A feature is used through its index: import from "@/features/<name>".',
};
const siblingInside = {
  regex: '^\\.\\./[a-z-]+/.+',
  message: 'A feature does not reach into another: import from "@/features/<name>".',
};
const above = (what) => ({
  regex: `^(@|(\\.\\./)+)/?(${what})(/|$)`,
  message: 'This layer may not reach up.',
});

export default ts.config(
  { ignores: ['dist/', 'node_modules/'] },
  js.configs.recommended,
  ...ts.configs.recommended,
  {
    files: ['src/**/*.{ts,tsx}'],
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
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-console': 'error',
      eqeqeq: 'error',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'The content policy forbids it (Trusted Types): build nodes.' },
        { property: 'outerHTML', message: 'The content policy forbids it (Trusted Types): build nodes.' },
        { property: 'dangerouslySetInnerHTML', message: 'The content policy forbids it: build nodes.' },
      ],
    },
  },
  {
    files: ['src/i18n/**/*.{ts,tsx}', 'src/api/**/*.{ts,tsx}'],
    rules: forbid(above('ui|app|features|collab')),
  },
  { files: ['src/ui/**/*.{ts,tsx}'], rules: forbid(above('api|app|features|collab')) },
  { files: ['src/collab/**/*.{ts,tsx}'], rules: forbid(above('ui|app|features')) },
  { files: ['src/app/**/*.{ts,tsx}'], rules: forbid(featureInside) },
  { files: ['src/features/*/*.{ts,tsx}'], rules: forbid(featureInside, siblingInside) },
  { files: ['src/features/*/*/**/*.{ts,tsx}'], rules: forbid(featureInside) },
  {
    files: ['**/*.mjs', '*.js', 'vite/**/*.ts', 'vite.config.ts'],
    languageOptions: { globals: globals.node },
  },
  {
    files: ['src/app/early_theme.js'],
    languageOptions: { globals: globals.browser, sourceType: 'script' },
    rules: { '@typescript-eslint/no-unused-vars': 'off' },
  },
);

import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';
import { catalogue } from './vite/catalogue.ts';
import { earlyTheme } from './vite/early_theme.ts';
import { serviceWorker } from './vite/service_worker.ts';
import { icons } from './vite/icons.ts';
import { reactAria } from './vite/react_aria.ts';

// Where the server listens while developing.
const server = process.env.CLUSE_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [catalogue(), earlyTheme(), icons(), reactAria(), react(), serviceWorker()],
  resolve: {
    alias: {
      '@cluse/sdk': fileURLToPath(new URL('../sdk/web', import.meta.url)),
      '@': fileURLToPath(new URL('./src', import.meta.url)),
    },
  },
  server: {
    port: 5173,
    proxy: {
      '/api': { target: server },
      '/x': { target: server },
      '/collab': { target: server, ws: true },
      '/live': { target: server, ws: true },
    },
  },
  build: {
    target: 'es2023',
    cssTarget: 'chrome111',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
    rolldownOptions: {
      output: {
        // Drawings that several screens share travel together, not as one request each.
        codeSplitting: { groups: [{ name: 'shared', test: /icon:|\/src\/ui\/drawing/, minShareCount: 2 }] },
      },
    },
  },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm start` listens unless told otherwise; used by the development server only. */
const DEVELOPMENT_API = 'http://127.0.0.1:4411';

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // The manifest lets scripts/measure-web.mjs follow static imports instead of guessing from file names.
    manifest: true,
    target: 'es2022',
    // Below this size a module would be pasted into the page as a data: address, which the content security policy refuses.
    assetsInlineLimit: 0,
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(
      ['/v1', '/healthz', '/readyz', '/openapi.json'].map((path) => [path, { target: DEVELOPMENT_API }]),
    ),
  },
});

import type { App } from '../../workspace/door.ts';
import { RETURN_PATH } from './mollie-gateway.ts';

const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";

const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><title>Thank you</title>
<style>:root{color-scheme:light dark}body{margin:0;padding:32px 16px;font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin-inline:auto}</style>
</head><body><main><h1>Thank you</h1><p role="status">Your answer has been passed on. You can close this page.</p></main></body></html>`;

/**
 * Where Mollie sends the customer's browser after its own page. It says nothing about the outcome: that is asked of Mollie,
 * never of the browser.
 */
export function registerMolliePages(app: App): void {
  app.get(RETURN_PATH, { config: { access: { public: true } }, schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('content-security-policy', PAGE_POLICY)
      .header('cache-control', 'no-store')
      .type('text/html; charset=utf-8')
      .serializer((page: unknown) => String(page))
      .send(PAGE as never),
  );
}

import { z } from 'zod';
import type { Clock } from '../../foundation/clock.ts';
import type { Database } from '../../foundation/database.ts';
import { isUuid } from '../../foundation/id.ts';
import type { App } from '../../workspace/door.ts';
import { workspaceNow } from '../../workspace/facts.ts';
import { readWorkspaceFacts } from '../../workspace/read-facts.ts';
import { confirmPage, donePage, formPage } from './pages.ts';
import type { ScriptedGateway } from './scripted-gateway.ts';

/** Only these pages are framed by our own program; everything on them is plain HTML, without script. */
const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'self'";

const formParams = z.object({ workspace: z.string(), form: z.string().max(80) });
const confirmParams = z.object({ workspace: z.string(), movement: z.string().max(80) });
const PUBLIC = { access: { public: true } } as const;

/**
 * The pages that a real gateway would serve from its own address: the form that adds a card, and the page on which a
 * customer confirms a payment. They exist for sandbox workspaces only.
 */
export function registerSandboxPages(
  app: App,
  dependencies: { gateway: ScriptedGateway; database: Database; clock: Clock },
): void {
  const { gateway, database, clock } = dependencies;

  /** The sandbox's own now, or null when there is no such sandbox workspace. */
  async function sandboxNow(workspaceId: string): Promise<Date | null> {
    if (!isUuid(workspaceId)) return null;
    const facts = await readWorkspaceFacts(database, workspaceId);
    return facts?.mode === 'sandbox' ? workspaceNow(clock.now(), facts) : null;
  }

  app.register(async (pages) => {
    pages.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 4_096 },
      (_request, body, done) => {
        done(null, Object.fromEntries(new URLSearchParams(body as string)));
      },
    );
    pages.addHook('onSend', async (_request, reply, payload) => {
      reply
        .header('content-security-policy', PAGE_POLICY)
        .header('cache-control', 'no-store')
        .header('x-frame-options', 'SAMEORIGIN');
      return payload;
    });
    const html = { hide: true };

    pages.get('/sandbox-gateway/forms/:workspace/:form', { config: PUBLIC, schema: html }, async (request, reply) => {
      const { workspace, form } = formParams.parse(request.params);
      const { secret } = z.object({ secret: z.string().max(100) }).parse(request.query);
      const now = await sandboxNow(workspace);
      return send(
        reply,
        now ? formPage(`/sandbox-gateway/forms/${workspace}/${form}`, secret) : donePage('This form does not exist.'),
      );
    });
    pages.post('/sandbox-gateway/forms/:workspace/:form', { config: PUBLIC, schema: html }, async (request, reply) => {
      const { workspace, form } = formParams.parse(request.params);
      const { secret, test_method } = z
        .object({ secret: z.string().max(100), test_method: z.string().max(60) })
        .parse(request.body);
      const now = await sandboxNow(workspace);
      const saved = now !== null && (await gateway.completeForm(workspace, form, secret, test_method, now));
      return send(
        reply,
        donePage(saved ? 'The card is saved. You can close this form.' : 'This form was used or has expired.'),
      );
    });
    pages.get(
      '/sandbox-gateway/confirm/:workspace/:movement',
      { config: PUBLIC, schema: html },
      async (request, reply) => {
        const { workspace, movement } = confirmParams.parse(request.params);
        const now = await sandboxNow(workspace);
        const found = now && (await gateway.readMovement(workspace, movement));
        if (found?.status !== 'needs_customer')
          return send(reply, donePage('There is nothing to confirm here any more.'));
        return send(
          reply,
          confirmPage(`/sandbox-gateway/confirm/${workspace}/${movement}`, found.amountMinor, found.currency),
        );
      },
    );
    pages.post(
      '/sandbox-gateway/confirm/:workspace/:movement',
      { config: PUBLIC, schema: html },
      async (request, reply) => {
        const { workspace, movement } = confirmParams.parse(request.params);
        const { answer } = z.object({ answer: z.enum(['confirm', 'refuse']) }).parse(request.body);
        const now = await sandboxNow(workspace);
        const done =
          now !== null && (await gateway.answerAuthentication(workspace, movement, answer === 'confirm', now));
        const words =
          answer === 'confirm'
            ? 'Thank you. The payment is confirmed.'
            : 'The payment was refused. Nothing was charged.';
        return send(reply, donePage(done ? words : 'There is nothing to confirm here any more.'));
      },
    );
  });
}

function send(
  reply: { type(mime: string): { serializer(write: (body: string) => string): { send(body: string): unknown } } },
  page: string,
) {
  return reply
    .type('text/html; charset=utf-8')
    .serializer((body) => body)
    .send(page);
}

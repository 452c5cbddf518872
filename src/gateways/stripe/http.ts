import { z } from 'zod';
import type { Database } from '../../foundation/database.ts';
import { isUuid } from '../../foundation/id.ts';
import type { App } from '../../workspace/door.ts';
import { readWorkspaceFacts } from '../../workspace/read-facts.ts';
import { REPORTING_ENDPOINTS } from '../policy-reports.ts';
import { currencyOf, fromStripeAmount } from './amount.ts';
import { idOf } from './method.ts';
import { type ConfirmPage, confirmPage, type FormPage, formPage, pagePolicy, wordsPage } from './page.ts';
import type { PageKind } from './page-link.ts';
import { ask } from './send-request.ts';
import type { StripeSession } from './session.ts';
import type { StripeGateway } from './stripe-gateway.ts';

const PUBLIC = { access: { public: true } } as const;
const HIDDEN = { hide: true } as const;
const pageParams = z.object({ kind: z.enum(['form', 'confirm']), workspace: z.string(), ref: z.string().max(120) });
const pageQuery = z.object({ key: z.string().max(100).optional() });

/**
 * Pages for customers with Stripe's own form: to add a card, and to confirm a payment. They hold no card data of ours and
 * take none; what came of them is read from Stripe.
 */
export function registerStripePages(
  app: App,
  { gateway, database }: { gateway: StripeGateway; database: Database },
): void {
  const policy = pagePolicy(gateway.config);

  app.register(async (pages) => {
    pages.addHook('onSend', async (_request, reply, payload) => {
      reply
        .header('content-security-policy', policy)
        .header('reporting-endpoints', REPORTING_ENDPOINTS)
        .header('cache-control', 'no-store')
        .header('referrer-policy', 'no-referrer')
        .header('x-frame-options', 'SAMEORIGIN');
      return payload;
    });

    pages.get('/stripe-pages/:kind/:workspace/:ref', { config: PUBLIC, schema: HIDDEN }, async (request, reply) => {
      const { kind, workspace, ref } = pageParams.parse(request.params);
      const { key = '' } = pageQuery.parse(request.query);
      const html = await pageFor(gateway, database, { kind, workspaceId: workspace, ref, key });
      reply.code(html.found ? 200 : 404);
      return reply
        .type('text/html; charset=utf-8')
        .serializer((body: string) => body)
        .send(html.text);
    });
  });
}

interface Html {
  readonly found: boolean;
  readonly text: string;
}
const nothingHere: Html = { found: false, text: wordsPage('There is nothing at this address.', false) };

async function pageFor(
  gateway: StripeGateway,
  database: Database,
  { kind, workspaceId, ref, key }: { kind: PageKind; workspaceId: string; ref: string; key: string },
): Promise<Html> {
  if (!isUuid(workspaceId) || !gateway.links.keyHolds(kind, workspaceId, ref, key)) return nothingHere;
  const [session, facts] = await Promise.all([
    gateway.sessionOf(workspaceId),
    readWorkspaceFacts(database, workspaceId),
  ]);
  if (!session || !facts) return nothingHere;
  const returnUrl = gateway.links.linkTo(kind, workspaceId, ref);
  const business = facts.legal.name ?? facts.name;
  return kind === 'form'
    ? pageOfForm(session, ref, { returnUrl, business })
    : pageOfPayment(session, ref, { returnUrl, business });
}

/** What a page shows that Stripe does not know. */
interface OurPart {
  readonly returnUrl: string;
  readonly business: string;
}

const TRY_AGAIN = 'The form cannot be shown just now. Open this page again in a minute.';

async function pageOfForm(session: StripeSession, ref: string, ours: OurPart): Promise<Html> {
  const answer = await ask(session, (client) => client.setupIntents.retrieve(ref));
  const test = !session.live;
  if (!answer.ok) return { found: answer.reason !== 'refused', text: wordsPage(TRY_AGAIN, test) };
  const { status, client_secret } = answer.value;
  if (status === 'succeeded') return words('The card is saved. You can close this form.', test);
  if (status === 'canceled' || client_secret === null) return words('This form was used or has expired.', test);
  return { found: true, text: formPage(formOf(session, client_secret, ours)) };
}

async function pageOfPayment(session: StripeSession, ref: string, ours: OurPart): Promise<Html> {
  const answer = await ask(session, (client) => client.paymentIntents.retrieve(ref));
  const test = !session.live;
  if (!answer.ok) return { found: answer.reason !== 'refused', text: wordsPage(TRY_AGAIN, test) };
  const intent = answer.value;
  if (intent.status === 'succeeded') return words('Thank you. The payment is confirmed.', test);
  if (intent.status === 'processing') return words('Thank you. The payment has been started.', test);
  const open = ['requires_action', 'requires_confirmation', 'requires_payment_method'].includes(intent.status);
  if (!open || intent.client_secret === null) return words('There is nothing to confirm here any more.', test);
  const page: ConfirmPage = {
    ...formOf(session, intent.client_secret, ours),
    amountMinor: fromStripeAmount(intent.amount, intent.currency),
    currency: currencyOf(intent.currency),
    description: intent.description ?? '',
    awaitsBank: intent.status === 'requires_action',
    methodRef: idOf(intent.payment_method) ?? idOf(intent.last_payment_error?.payment_method),
  };
  return { found: true, text: confirmPage(page) };
}

function formOf(session: StripeSession, clientSecret: string, ours: OurPart): FormPage {
  const { publishableKey, config } = session;
  return { scriptUrl: config.scriptUrl, publishableKey, clientSecret, ...ours, test: !session.live };
}

function words(text: string, test: boolean): Html {
  return { found: true, text: wordsPage(text, test) };
}

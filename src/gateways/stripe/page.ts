import { createHash } from 'node:crypto';
import { formatMinor } from '../../foundation/money.ts';
import { REPORTING } from '../policy-reports.ts';
import { PAGE_SCRIPT } from './page-script.ts';
import type { StripeConfig } from './stripe-config.ts';

const STYLE = `:root{color-scheme:light dark;--ink:#1c1e21;--soft:#5b6068;--line:#d9dce1;--paper:#fff;--accent:#2f5bd7;--bad:#b3261e}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a5abb4;--line:#3a3f47;--paper:#17191c;--accent:#7c9cf5;--bad:#ffb4ab}}
*{box-sizing:border-box}body{margin:0;padding:16px;font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main{max-width:480px;margin:0 auto}h1{font-size:16px;margin:0 0 4px}p{margin:0 0 12px;color:var(--soft)}
mark{background:#fbe9b7;color:#5c4200;padding:1px 6px;border-radius:4px;font-weight:600;font-size:12px}
button{font:inherit;font-weight:600;min-height:44px;padding:0 16px;border-radius:8px;border:1px solid var(--accent);background:var(--accent);color:#fff;cursor:pointer}
@media (prefers-color-scheme:dark){button{color:#10131a}}button:disabled{opacity:.6;cursor:default}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}.amount{font-size:28px;font-weight:650;margin:12px 0;font-variant-numeric:tabular-nums}
#element{margin:0 0 16px;min-height:80px}#problem{color:var(--bad);min-height:1.45em}`;

/**
 * Only our one script, by its hash, and the gateway's own. What this header does not name is not loaded, so that a script
 * which found its way into the page could neither run nor send anything away.
 */
export function pagePolicy({ scriptUrl, scriptOrigins }: StripeConfig): string {
  const origins = [new URL(scriptUrl).origin, ...scriptOrigins].join(' ');
  return [
    "default-src 'none'",
    `script-src '${hashOf(PAGE_SCRIPT)}' ${origins}`,
    `style-src '${hashOf(STYLE)}'`,
    `frame-src ${origins}`,
    `connect-src ${origins}`,
    "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'self'",
    REPORTING,
  ].join('; ');
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

export interface FormPage {
  readonly scriptUrl: string;
  readonly publishableKey: string;
  readonly clientSecret: string;
  readonly returnUrl: string;
  /** Whom the card is given to, or the payment goes to. */
  readonly business: string;
  readonly test: boolean;
}

/** The page with the gateway's own form for a card. No card data comes to our server from it. */
export function formPage(form: FormPage): string {
  return page('Add a card', form.test, {
    body: `<h1>Add a card for ${escapeHtml(form.business)}</h1><p>Your card details go to Stripe only. The business keeps the last four digits and the expiry date.</p>
<form id="form"><div id="element"></div><p id="problem" role="alert"></p><button id="go" disabled>Save card</button></form>
<p id="done" role="status" hidden>The card is saved. You can close this form.</p>`,
    data: { ...form, task: 'setup' },
  });
}

export interface ConfirmPage extends FormPage {
  readonly amountMinor: bigint;
  readonly currency: string;
  readonly description: string;
  readonly methodRef: string | null;
  /** Confirmed with the customer there: their bank's question is what is left. */
  readonly awaitsBank: boolean;
}

/** The page on which a customer confirms a payment that their bank wants to see them for. */
export function confirmPage(confirm: ConfirmPage): string {
  const amount = formatMinor(confirm.amountMinor, confirm.currency);
  return page('Confirm a payment', confirm.test, {
    body: `<h1>Confirm a payment to ${escapeHtml(confirm.business)}</h1><p>Your bank asks you for it. ${escapeHtml(confirm.description)}</p>
<div class="amount">${escapeHtml(amount)}</div><form id="form"><p id="problem" role="alert"></p><button id="go" disabled>Confirm ${escapeHtml(amount)}</button></form>
<p id="done" role="status" hidden>Thank you. The payment is confirmed.</p>`,
    data: { ...confirm, amountMinor: undefined, task: 'confirm' },
  });
}

/** A page that only says something. */
export function wordsPage(words: string, test: boolean): string {
  return page('Payment', test, { body: `<h1 role="status">${escapeHtml(words)}</h1>`, data: null });
}

function page(title: string, test: boolean, content: { body: string; data: object | null }): string {
  const mark = test ? '<p><mark>TEST</mark> No real money is moved here.</p>' : '';
  const data = content.data as { scriptUrl: string } | null;
  const scripts = data ? `<script src="${escapeHtml(data.scriptUrl)}"></script><script>${PAGE_SCRIPT}</script>` : '';
  const attribute = data ? ` data-page="${escapeHtml(JSON.stringify(data))}"` : '';
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><meta name="referrer" content="no-referrer"><title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main id="page"${attribute}>${mark}${content.body}</main>${scripts}</body></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

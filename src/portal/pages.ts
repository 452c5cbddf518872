import { formatMinor } from '../foundation/money.ts';
import { declineFor } from '../gateways/declines.ts';
import type { CardForm, PaymentMethod } from '../payments/api.ts';
import type { PaymentRow } from '../payments/attempt.ts';
import { consentWords } from '../payments/consent.ts';
import { methodLabel } from '../payments/payment-method.ts';

/** The only style of these pages; its hash stands in their content security policy. */
export const STYLE = `:root{color-scheme:light dark;--ink:#1c1e21;--soft:#565b63;--line:#d9dce1;--paper:#fff;--accent:#2f5bd7;--on:#fff;--wash:#f4f6fb}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a5abb4;--line:#3a3f47;--paper:#17191c;--accent:#7c9cf5;--on:#10131a;--wash:#22262d}}
*{box-sizing:border-box}body{margin:0;font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
main{max-width:560px;margin:0 auto;padding:24px 16px 48px}h1{font-size:22px;line-height:1.3;margin:0 0 8px}h2{font-size:17px;margin:24px 0 8px}
p{margin:0 0 16px}.quiet{color:var(--soft)}mark{background:#fbe9b7;color:#5c4200;padding:1px 6px;border-radius:4px;font-weight:600;font-size:13px}
blockquote{margin:0 0 16px;padding:12px 16px;border-left:3px solid var(--line);background:var(--wash);border-radius:4px}
label{display:flex;gap:12px;align-items:flex-start;padding:8px 0;min-height:44px}input[type=checkbox]{width:20px;height:20px;margin:2px 0 0;flex:none}
button,a.button{display:block;width:100%;font:inherit;font-weight:600;line-height:1.3;min-height:48px;padding:12px 16px;border-radius:8px;border:1px solid var(--line);background:var(--paper);color:var(--ink);text-align:center;text-decoration:none;cursor:pointer}
button.main,a.main{background:var(--accent);border-color:var(--accent);color:var(--on)}form,.action{margin:0 0 12px}
iframe{width:100%;border:1px solid var(--line);border-radius:8px;background:var(--paper)}iframe.card{height:min(560px,70vh)}iframe.progress{height:112px;border:0}
ul{list-style:none;margin:0;padding:0}li{border-top:1px solid var(--line);padding:16px 0}.amount{font-variant-numeric:tabular-nums}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}main.small{padding:8px 0;max-width:none}
table{width:100%;border-collapse:collapse;margin:0 0 16px}td,th{padding:8px 0;text-align:left;vertical-align:top;border-top:1px solid var(--line);font-weight:400;overflow-wrap:anywhere}td.amount{text-align:right;padding-left:12px;white-space:nowrap}tr.strong td,tr.strong th{font-weight:600}.pre{white-space:pre-line;overflow-wrap:anywhere}
.field{display:block;min-height:0}.field input,.field textarea,.field select{display:block;width:100%;font:inherit;min-height:44px;padding:8px 12px;margin-top:4px;border:1px solid var(--soft);border-radius:8px;background:var(--paper);color:var(--ink)}
img.logo{display:block;max-width:170px;max-height:56px;margin:0 0 12px}svg{display:block;max-width:100%;margin:0 0 16px}
label.pick{display:inline-flex;min-height:0;padding:0;vertical-align:middle}main a:not(.button){color:var(--accent);padding:4px 0}
details{border-top:1px solid var(--line);padding:8px 0}summary{cursor:pointer;padding:8px 0;min-height:44px}`;

export interface Business {
  readonly name: string;
  readonly locale: string;
  readonly isTest: boolean;
}

interface PageOptions {
  readonly refreshSeconds?: number;
  readonly small?: boolean;
  /** BCP 47, of the page's words. */
  readonly language?: string;
}

export const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export function page(title: string, body: string, more: PageOptions = {}) {
  const refresh = more.refreshSeconds ? `<meta http-equiv="refresh" content="${more.refreshSeconds}">` : '';
  return `<!doctype html><html lang="${more.language ?? 'en'}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex,nofollow"><meta name="referrer" content="no-referrer">${refresh}<title>${escapeHtml(title)}</title><style>${STYLE}</style></head>
<body><main${more.small ? ' class="small"' : ''}>${body}</main></body></html>`;
}

export const heading = (words: string, { isTest }: Pick<Business, 'isTest'>) =>
  `<h1>${escapeHtml(words)}${isTest ? ' <mark>TEST</mark>' : ''}</h1>`;

/** What is asked for, the words that are agreed to, and one button. */
export function consentPage(business: Business, path: string, expiresOn: string): string {
  const name = escapeHtml(business.name);
  return page(
    `A card for ${business.name}`,
    `${heading(`A card for your payments to ${business.name}`, business)}
<p>${name} asks you for a card. You give it to their payment provider; ${name} never sees its number.</p>
<form method="post" action="${path}/consent"><blockquote id="words">${escapeHtml(consentWords(business.name))}</blockquote>
<label><input type="checkbox" name="agree" value="yes" required aria-describedby="words"><span>I agree</span></label>
<button class="main">Continue to the card</button></form>
<p class="quiet">This page is for you only. It works once, until ${escapeHtml(expiresOn)}.</p>`,
  );
}

/** The gateway's own form, in a frame or as a page of its own, and what became of it below. */
export function formPage(business: Business, path: string, form: Pick<CardForm, 'url' | 'display'>): string {
  const url = escapeHtml(form.url);
  const card =
    form.display === 'frame'
      ? `<iframe class="card" src="${url}" title="Your card"></iframe>`
      : `<p class="action"><a class="button main" href="${url}" target="_blank" rel="noopener">Enter the card at the payment provider</a></p>
<p class="quiet">It opens in a new tab. Come back here when you are done.</p>`;
  return page(
    `Your card for ${business.name}`,
    `${heading('Your card', business)}${card}
<iframe class="progress" src="${path}/progress" title="Whether the card is saved"></iframe>`,
  );
}

/** The small page below the form: it looks again by itself until the card is saved. */
export function progressPage(path: string, form: Pick<CardForm, 'status' | 'refused_reason'> | null): string {
  const go = (words: string, isMain: boolean) =>
    `<p class="action"><a class="button${isMain ? ' main' : ''}" href="${path}" target="_top">${words}</a></p>`;
  switch (form?.status) {
    case 'completed':
      return page('Card saved', `<p role="status">Your card is saved.</p>${go('Continue', true)}`, { small: true });
    case 'refused':
    case 'expired':
      return page(
        'Card not saved',
        `<p role="status">The card was not saved. ${escapeHtml(form.refused_reason ?? 'The form was open for too long.')}</p>${go('Begin again', false)}`,
        { small: true },
      );
    default:
      return page(
        'Waiting for the card',
        `<p class="quiet" role="status">Waiting for the card. This changes by itself.</p>`,
        {
          small: true,
          refreshSeconds: 2,
        },
      );
  }
}

/** The card is saved; what failed before can be paid with it now. */
export function savedPage(
  business: Business,
  path: string,
  method: PaymentMethod | null,
  failed: readonly { readonly id: string; readonly row: PaymentRow }[],
): string {
  const card = method ? methodLabel(method) : 'Your card';
  const offers = failed.map(({ id, row }) => {
    const amount = escapeHtml(formatMinor(row.amount_minor, row.currency, business.locale));
    const what = row.description === '' ? '' : `<p>${escapeHtml(row.description)}</p>`;
    return `<li>${what}<form method="post" action="${path}/payments"><input type="hidden" name="payment" value="${id}">
<button class="main">Pay <span class="amount">${amount}</span> now with this card</button></form></li>`;
  });
  const open =
    offers.length === 0
      ? '<p>There is nothing else to do. You can close this page.</p>'
      : `<h2>Not paid yet</h2><ul>${offers.join('')}</ul><p class="quiet">You can also close this page and pay later.</p>`;
  return page(
    `Card saved for ${business.name}`,
    `${heading('Your card is saved', business)}<p role="status">${escapeHtml(card)} is saved with ${escapeHtml(business.name)}.</p>${open}`,
  );
}

/** What became of a payment that the customer made by the link. */
export function paymentPage(
  business: Business,
  path: string,
  row: PaymentRow,
  receipt: { readonly url: string; readonly label: string } | null = null,
): string {
  const proof = receipt ? `<p class="action"><a class="button" href="${receipt.url}">${receipt.label}</a></p>` : '';
  const amount = formatMinor(row.amount_minor, row.currency, business.locale);
  const back = `<p class="action"><a class="button" href="${path}">Back</a></p>`;
  const another = `<form method="post" action="${path}/consent"><blockquote id="words">${escapeHtml(consentWords(business.name))}</blockquote>
<label><input type="checkbox" name="agree" value="yes" required aria-describedby="words"><span>I agree</span></label>
<button class="main">Use another card</button></form>`;
  const say = (title: string, words: string, more: string, refreshSeconds?: number) =>
    page(
      title,
      `${heading(title, business)}<p role="status">${words}</p>${more}`,
      refreshSeconds ? { refreshSeconds } : {},
    );
  switch (row.status) {
    case 'settled':
      return say(
        'Thank you',
        `${escapeHtml(amount)} is paid to ${escapeHtml(business.name)}.`,
        `${proof}${back}<p class="quiet">You can close this page.</p>`,
      );
    case 'needs_customer':
      return say(
        'Your bank asks you to confirm',
        `Confirm the payment of ${escapeHtml(amount)} at your bank, then it is done.`,
        `<p class="action"><a class="button main" href="${escapeHtml(row.customer_link ?? '')}" target="_blank" rel="noopener">Confirm at your bank</a></p>
<p class="quiet">It opens in a new tab. This page changes by itself when you are done.</p>`,
        3,
      );
    case 'pending':
      return say(
        'The payment has started',
        `Your bank takes a few days for ${escapeHtml(amount)}. You need not do anything.`,
        back,
      );
    case 'sent':
    case 'unknown':
      return say(
        'The payment is being checked',
        `It is not known yet whether ${escapeHtml(amount)} was paid. You will not be charged twice. This page changes by itself.`,
        '',
        3,
      );
    default:
      return say(
        'The payment did not go through',
        `${escapeHtml(declineFor(row.decline_code).customerWords)} Nothing was charged.`,
        another + back,
      );
  }
}

/** A link that leads nowhere any more; nothing is said of whose it was. */
export function deadPage(): string {
  return page(
    'This link cannot be used',
    `<h1>This link cannot be used</h1><p role="status">It has been used, has expired or was withdrawn. If you still want to give a card, ask the business for a new link.</p>`,
  );
}

/** A link to a document that leads nowhere any more; nothing is said of whose it was. */
export function deadDocumentPage(): string {
  return page(
    'This link cannot be used',
    `<h1>This link cannot be used</h1><p role="status">It was withdrawn, or is not complete. Ask the business for a new link.</p>`,
  );
}

/** Anything that cannot be done now, in words for the customer. */
export function refusedPage(words: string, path: string | null): string {
  const back = path === null ? '' : `<p class="action"><a class="button" href="${path}">Back</a></p>`;
  return page(
    'This is not possible now',
    `<h1>This is not possible now</h1><p role="status">${escapeHtml(words)}</p>${back}`,
  );
}

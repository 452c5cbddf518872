import { formatMinor } from '../foundation/money.ts';
import { declineWords } from '../gateways/decline-words.ts';
import { fill } from '../invoices/document-words.ts';
import type { CardForm, PaymentMethod } from '../payments/api.ts';
import type { PaymentRow } from '../payments/attempt.ts';
import { consentText } from '../payments/consent-languages.ts';
import { methodLabel } from '../payments/payment-method.ts';
import { customerLanguage } from './customer-words.ts';
import { type LinkWords, linkWords } from './link-words.ts';

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

/** The words that are agreed to, their box, and one button. */
export function consentForm({ name, locale }: Pick<Business, 'name' | 'locale'>, path: string, button: string): string {
  const { words, language } = consentText(name, locale);
  return `<form method="post" action="${path}/consent"><blockquote id="words" lang="${language}">${escapeHtml(words)}</blockquote>
<label><input type="checkbox" name="agree" value="yes" required aria-describedby="words"><span>${escapeHtml(linkWords(locale).agree)}</span></label>
${button}</form>`;
}

/** What is asked for, the words that are agreed to, and one button. */
export function consentPage(business: Business, path: string, expiresOn: string): string {
  const { name, locale } = business;
  const words = linkWords(locale);
  return page(
    fill(words.cardFor, { business: name }),
    `${heading(fill(words.cardForPayments, { business: name }), business)}
<p>${escapeHtml(fill(words.cardWhy, { business: name }))}</p>
${consentForm(business, path, `<button class="main">${escapeHtml(words.toCard)}</button>`)}
<p class="quiet">${escapeHtml(fill(words.once, { day: expiresOn }))}</p>`,
    languageOf(locale),
  );
}

/** The gateway's own form, in a frame or as a page of its own, and what became of it below. */
export function formPage(business: Business, path: string, form: Pick<CardForm, 'url' | 'display'>): string {
  const words = linkWords(business.locale);
  const url = escapeHtml(form.url);
  const card =
    form.display === 'frame'
      ? `<iframe class="card" src="${url}" title="${escapeHtml(words.yourCard)}"></iframe>`
      : `<p class="action"><a class="button main" href="${url}" target="_blank" rel="noopener">${escapeHtml(words.enterCard)}</a></p>
<p class="quiet">${escapeHtml(words.newTab)}</p>`;
  return page(
    fill(words.yourCardFor, { business: business.name }),
    `${heading(words.yourCard, business)}${card}
<iframe class="progress" src="${path}/progress" title="${escapeHtml(words.isSaved)}"></iframe>`,
    languageOf(business.locale),
  );
}

/** The small page below the form: it looks again by itself until the card is saved. */
export function progressPage(
  locale: string,
  path: string,
  form: Pick<CardForm, 'status' | 'refused_reason'> | null,
): string {
  const words = linkWords(locale);
  const say = (sentence: string, more: string, options: PageOptions = {}) =>
    page(sentence, `<p role="status">${escapeHtml(sentence)}</p>${more}`, {
      ...languageOf(locale),
      small: true,
      ...options,
    });
  const go = (label: string, isMain: boolean) =>
    `<p class="action"><a class="button${isMain ? ' main' : ''}" href="${path}" target="_top">${escapeHtml(label)}</a></p>`;
  switch (form?.status) {
    case 'completed':
      return say(`${words.saved}.`, go(words.goOn, true));
    case 'refused':
    case 'expired': {
      // What the gateway says of it is in its own language.
      const reason = customerLanguage(locale) === 'en' ? form.refused_reason : null;
      const why = form.status === 'expired' && form.refused_reason === null ? words.tooLong : reason;
      return say([words.notSaved, why ?? ''].join(' ').trim(), go(words.again, false));
    }
    default:
      return say(words.waiting, '', { refreshSeconds: 2 });
  }
}

/** The card is saved; what failed before can be paid with it now. */
export function savedPage(
  business: Business,
  path: string,
  method: PaymentMethod | null,
  failed: readonly { readonly id: string; readonly row: PaymentRow }[],
): string {
  const { name, locale } = business;
  const words = linkWords(locale);
  const card = method ? methodLabel(method) : words.yourCard;
  const offers = failed.map(({ id, row }) => {
    const amount = formatMinor(row.amount_minor, row.currency, locale);
    const what = row.description === '' ? '' : `<p>${escapeHtml(row.description)}</p>`;
    return `<li>${what}<form method="post" action="${path}/payments"><input type="hidden" name="payment" value="${id}">
<button class="main">${escapeHtml(fill(words.payWithIt, { amount }))}</button></form></li>`;
  });
  const open =
    offers.length === 0
      ? `<p>${escapeHtml(words.nothingElse)}</p>`
      : `<h2>${escapeHtml(words.notPaid)}</h2><ul>${offers.join('')}</ul><p class="quiet">${escapeHtml(words.later)}</p>`;
  return page(
    `${words.saved} · ${name}`,
    `${heading(words.saved, business)}<p role="status">${escapeHtml(fill(words.savedAt, { card, business: name }))}</p>${open}`,
    languageOf(locale),
  );
}

/** What became of a payment that the customer made by the link. */
export function paymentPage(
  business: Business,
  path: string,
  row: PaymentRow,
  receipt: { readonly url: string; readonly label: string } | null = null,
): string {
  const { name, locale } = business;
  const words = linkWords(locale);
  const proof = receipt
    ? `<p class="action"><a class="button" href="${receipt.url}">${escapeHtml(receipt.label)}</a></p>`
    : '';
  const amount = formatMinor(row.amount_minor, row.currency, locale);
  const back = backLink(words, path);
  const say = (title: string, sentence: string, more: string, options: PageOptions = {}) =>
    page(title, `${heading(title, business)}<p role="status">${escapeHtml(sentence)}</p>${more}`, {
      ...languageOf(locale),
      ...options,
    });
  switch (row.status) {
    case 'settled':
      return say(
        words.thanks,
        fill(words.paidTo, { amount, business: name }),
        `${proof}${back}<p class="quiet">${escapeHtml(words.close)}</p>`,
      );
    case 'needs_customer':
      return say(
        words.bankAsks,
        fill(words.bankConfirm, { amount }),
        `<p class="action"><a class="button main" href="${escapeHtml(row.customer_link ?? '')}" target="_blank" rel="noopener">${escapeHtml(words.atBank)}</a></p>
<p class="quiet">${escapeHtml(words.newTabChanges)}</p>`,
        { refreshSeconds: 3 },
      );
    case 'pending':
      return say(words.started, fill(words.startedWords, { amount }), back);
    case 'sent':
    case 'unknown':
      return say(words.checking, fill(words.checkingWords, { amount }), '', { refreshSeconds: 3 });
    default: {
      const why = declineWords(row.decline_code, locale);
      // Some reasons say it already.
      const sentence = why.includes(words.nothingCharged) ? why : `${why} ${words.nothingCharged}`;
      const another = consentForm(business, path, `<button class="main">${escapeHtml(words.another)}</button>`);
      return say(words.failed, sentence, another + back);
    }
  }
}

/** A card's link that leads nowhere any more; nothing is said of whose it was. */
export const deadPage = (locale: string) => dead(locale, linkWords(locale).deadCard);

/** A link to a document that leads nowhere any more; nothing is said of whose it was. */
export const deadDocumentPage = (locale: string) => dead(locale, linkWords(locale).deadDocument);

function dead(locale: string, sentence: string): string {
  const title = linkWords(locale).dead;
  return page(title, `<h1>${escapeHtml(title)}</h1><p role="status">${escapeHtml(sentence)}</p>`, languageOf(locale));
}

/** Anything that cannot be done now, in words for the customer. */
export function refusedPage(locale: string, sentence: string, path: string | null): string {
  const words = linkWords(locale);
  return page(
    words.impossible,
    `<h1>${escapeHtml(words.impossible)}</h1><p role="status">${escapeHtml(sentence)}</p>${path === null ? '' : backLink(words, path)}`,
    languageOf(locale),
  );
}

const backLink = (words: LinkWords, path: string) =>
  `<p class="action"><a class="button" href="${path}">${escapeHtml(words.back)}</a></p>`;

const languageOf = (locale: string): PageOptions => ({ language: customerLanguage(locale) });

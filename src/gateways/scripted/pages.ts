import { formatMinor } from '../../foundation/money.ts';
import { TEST_METHODS, type TestMethod } from './test-methods.ts';

const STYLE = `:root{color-scheme:light dark;--ink:#1c1e21;--soft:#5b6068;--line:#d9dce1;--paper:#fff;--accent:#2f5bd7;--wash:#f4f6fb}
@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a5abb4;--line:#3a3f47;--paper:#17191c;--accent:#7c9cf5;--wash:#22262d}}
*{box-sizing:border-box}body{margin:0;padding:16px;font:14px/1.45 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
h1{font-size:16px;margin:0 0 4px}p{margin:0 0 12px;color:var(--soft)}mark{background:#fbe9b7;color:#5c4200;padding:1px 6px;border-radius:4px;font-weight:600;font-size:12px}
fieldset{border:0;padding:0;margin:0 0 12px}legend{font-weight:600;padding:0;margin:0 0 6px}
label{display:flex;gap:8px;align-items:center;min-height:36px;padding:4px 8px;border-radius:6px}label:hover{background:var(--wash)}
label span{margin-left:auto;color:var(--soft);font-variant-numeric:tabular-nums;white-space:nowrap}
button{font:inherit;font-weight:600;min-height:40px;padding:0 16px;border-radius:8px;border:1px solid var(--line);background:var(--paper);color:var(--ink);cursor:pointer}
button.main{background:var(--accent);border-color:var(--accent);color:#fff}@media (prefers-color-scheme:dark){button.main{color:#10131a}}
footer{position:sticky;bottom:0;padding:12px 0;background:var(--paper);display:flex;gap:8px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}.amount{font-size:28px;font-weight:650;margin:12px 0}`;

const page = (title: string, body: string) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex"><title>${title}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;

const GROUPS: readonly { title: string; holds: (method: TestMethod) => boolean }[] = [
  { title: 'Works', holds: ({ outcome, expiresInMonths }) => outcome.charge === 'settled' && !expiresInMonths },
  { title: 'Is declined', holds: ({ outcome }) => outcome.charge === 'declined' },
  {
    title: 'Takes longer',
    holds: ({ outcome }) => outcome.charge === 'pending' || outcome.charge === 'needs_customer',
  },
  {
    title: 'Goes wrong on the way',
    holds: ({ outcome }) => outcome.charge === 'settled_reply_lost' || outcome.charge === 'never_arrives',
  },
  {
    title: 'Is disputed',
    holds: ({ outcome }) => outcome.charge === 'settled_then_disputed' || outcome.charge === 'settled_then_warned',
  },
  { title: 'Expires soon', holds: ({ expiresInMonths }) => expiresInMonths !== undefined },
];

/** The sandbox's form: named test methods instead of a field for a number. */
export function formPage(action: string, secret: string): string {
  const groups = GROUPS.map(
    ({ title, holds }) =>
      `<fieldset><legend>${title}</legend>${TEST_METHODS.filter(holds).map(choice).join('')}</fieldset>`,
  );
  return page(
    'Sandbox gateway: add a card',
    `<h1>Sandbox gateway <mark>TEST</mark></h1><p>Choose a test method. Real card details are neither asked for nor accepted here.</p>
<form method="post" action="${escapeHtml(action)}"><input type="hidden" name="secret" value="${escapeHtml(secret)}">${groups.join('')}
<footer><button class="main">Save this card</button></footer></form>`,
  );
}

function choice(method: TestMethod): string {
  const checked = method.name === 'approved' ? ' checked' : '';
  return `<label><input type="radio" name="test_method" value="${method.name}"${checked} required>${escapeHtml(method.label)}<span>${method.brand} ·· ${method.last4}</span></label>`;
}

/** Where the customer confirms or refuses a payment. */
export function confirmPage(action: string, amountMinor: bigint, currency: string): string {
  return page(
    'Sandbox gateway: confirm a payment',
    `<h1>Your bank asks you to confirm a payment <mark>TEST</mark></h1><div class="amount">${formatMinor(amountMinor, currency)}</div>
<form method="post" action="${escapeHtml(action)}"><footer><button class="main" name="answer" value="confirm">Confirm</button>
<button name="answer" value="refuse">Refuse</button></footer></form>`,
  );
}

export function donePage(words: string): string {
  return page('Sandbox gateway', `<h1>Sandbox gateway <mark>TEST</mark></h1><p role="status">${escapeHtml(words)}</p>`);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

import { describe, expect, test } from 'vitest';
import { makeContact, saveTestMethod } from '../../tests/setup/money.ts';
import { testServer } from '../../tests/setup/server.ts';
import { declineWords } from '../gateways/decline-words.ts';
import { DECLINES, declineFor } from '../gateways/declines.ts';
import type { Invoice } from '../invoices/api.ts';
import { MESSAGE_LANGUAGES, type MessageLanguage } from '../messages/languages.ts';
import { isForCustomers, MESSAGE_KIND_NAMES, suppliedWords } from '../messages/message-kinds.ts';
import { checkWords } from '../messages/message-template.ts';
import { FRAME_WORDS } from '../messages/message-translations.ts';
import type { PaymentMethod } from '../payments/api.ts';
import { cardMessageWords } from '../payments/card-message-words.ts';
import { consentText } from '../payments/consent-languages.ts';
import { receiptWords } from '../payments/receipt-words.ts';
import type { NewCardLink, NewCustomerLink } from './api.ts';
import { customerWords } from './customer-words.ts';
import { LINK_LANGUAGES, linkWords } from './link-words.ts';
import { payWords } from './page-words.ts';
import { refusalWords } from './refusal-words.ts';

/** Customers read every page in one language, and what they agree to is kept as the words that they read. */
const OTHERS = LINK_LANGUAGES.filter((language) => language !== 'en');
const TABLES: readonly [string, (locale: string) => object][] = [
  ['pages of links', linkWords],
  ['pages of documents', payWords],
  ['the customer’s page', customerWords],
];
const placesIn = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort();
/** Parts of a sentence that stand between its places; long enough that no other language has them by chance. */
const partsOf = (text: string) => text.split(/\{\w+\}/).filter((part) => part.trim().length > 9);

describe.each(OTHERS)('%s', (language) => {
  test.each(TABLES)('%s: as many words as in English, with the same places', (_what, words) => {
    const [own, english] = [Object.entries(words(language)), Object.values(words('en'))];
    expect(own).toHaveLength(english.length);
    for (const [index, [key, text]] of own.entries()) {
      expect([key, typeof text, text.trim() !== '']).toEqual([key, 'string', true]);
      // A name may be said twice where a language needs it.
      expect([key, [...new Set(placesIn(text))]]).toEqual([key, [...new Set(placesIn(english[index]))]]);
    }
  });

  test('every decline that a customer may read has words, and what must not be told is not', () => {
    for (const [code, { customerWords: english, class: kind }] of Object.entries(DECLINES)) {
      const words = declineWords(code, `${language}-XX`);
      expect([code, words === english]).toEqual([code, false]);
      if (kind === 'stop') expect(words).toBe(declineWords('generic_decline', language));
    }
    expect(declineWords('of another year', language)).toBe(declineWords('generic_decline', language));
    expect(declineFor(null).customerWords).toBe(declineWords(null, 'en'));
  });

  test('every refusal has words, and none tells what only English says', () => {
    for (const code of ['rate_limited', 'not_found', 'allocation_refused', 'invoice_state_conflict'] as const) {
      const words = refusalWords({ code, message: 'Only in English.' }, language);
      expect([code, words.length > 10, words === 'Only in English.']).toEqual([code, true, false]);
    }
    expect(refusalWords(null, language)).not.toBe(refusalWords(null, 'en'));
  });

  test('mail to customers: every kind has words that hold, with the values that the English ones say', () => {
    expect([...MESSAGE_LANGUAGES].sort()).toEqual([...LINK_LANGUAGES].sort());
    const valuesIn = (text: string) => [...new Set([...text.matchAll(/\{\{ (\w+)/g)].map(([, name]) => name))].sort();
    const kinds = MESSAGE_KIND_NAMES.filter(isForCustomers);
    expect(kinds).toHaveLength(6);
    for (const kind of kinds) {
      const [own, english] = [suppliedWords(kind, language as MessageLanguage), suppliedWords(kind, 'en')];
      checkWords(kind, own, language as MessageLanguage);
      for (const part of ['subject', 'body'] as const) {
        expect([kind, part, valuesIn(own[part])]).toEqual([kind, part, valuesIn(english[part])]);
        expect([kind, part, own[part] === english[part]]).toEqual([kind, part, false]);
      }
      expect([kind, own.button === '']).toEqual([kind, english.button === '']);
    }
    for (const [key, words] of Object.entries(FRAME_WORDS[language as MessageLanguage])) {
      expect([key, words === FRAME_WORDS.en[key as 'test']]).toEqual([key, false]);
    }
  });

  test('what asks for another card: every sentence, with the same places', () => {
    const [own, english] = [Object.entries(cardMessageWords(language)), Object.values(cardMessageWords('en'))];
    expect(own).toHaveLength(english.length);
    for (const [index, [key, text]] of own.entries()) {
      expect([key, placesIn(text), text === english[index]]).toEqual([key, placesIn(english[index]), false]);
    }
  });

  test('receipts: every word, with the same places', () => {
    const flat = (words: object): string[] =>
      Object.values(words).flatMap((value) => (typeof value === 'string' ? [value] : flat(value)));
    const [own, english] = [receiptWords(`${language}-XX`), receiptWords('en')];
    expect(own.language).toBe(language);
    expect(flat(own).map(placesIn)).toEqual(flat(english).map(placesIn));
    expect(flat(own).every((text) => text.trim() !== '')).toBe(true);
  });

  test('the words of consent have a version of their own', () => {
    const versions = LINK_LANGUAGES.map((one) => consentText('Harbour', one).version);
    expect(new Set(versions).size).toBe(LINK_LANGUAGES.length);
    expect(consentText('Harbour', language)).toMatchObject({ language, words: expect.stringContaining('Harbour') });
  });
});

const server = await testServer();

/** English sentences that may stand on no page of another language. */
const ENGLISH = [
  ...TABLES.flatMap(([, words]) => Object.values(words('en')) as string[]),
  ...Object.values(DECLINES).map((decline) => decline.customerWords),
  consentText('', 'en').words,
].flatMap(partsOf);

describe.each(LINK_LANGUAGES)('pages of a customer who reads %s', (language) => {
  test('are in that language, every one, and so is what they agree to', async () => {
    const workspace = await server.workspace({ name: 'Hafen', currency: 'EUR' });
    const as = workspace.apiKey;
    const contact = await makeContact(server, workspace);
    const locale = { en: 'en-GB', de: 'de-AT', fr: 'fr-BE', es: 'es-MX', nl: 'nl-BE', it: 'it-CH' }[language];
    expect((await server.call('PATCH', `/v1/contacts/${contact}`, { as, body: { locale } })).status).toBe(200);
    const good = await saveTestMethod(server, workspace, contact);
    const bad = await saveTestMethod(server, workspace, contact, 'declined_insufficient_funds');
    const issued = async (price: string) => {
      const body = { contact_id: contact, lines: [{ name: 'X', unit_price: price }], issue: true, terms: DUE };
      return (await server.call<Invoice>('POST', '/v1/invoices', { as, body })).body;
    };
    const [first, second] = [await issued('100'), await issued('40')];
    const link = (await server.call<{ url: string }>('POST', `/v1/invoices/${first.id}/links`, { as })).body.url;
    const own = (await server.call<NewCustomerLink>('POST', `/v1/contacts/${contact}/customer-links`, { as, body: {} }))
      .body.url;
    const cardLink = (await server.call<NewCardLink>('POST', `/v1/contacts/${contact}/card-links`, { as, body: {} }))
      .body.url;
    const [d, my, card] = [link, own, cardLink].map((url) => new URL(url).pathname) as [string, string, string];

    const seen: [string, string][] = [];
    let cookie = '';
    async function go(method: 'GET' | 'POST', url: string, fields?: Record<string, string>, status = 200) {
      const answer = await server.app.inject({
        method,
        url,
        headers: {
          cookie,
          'accept-language': `${language}, en;q=0.5`,
          ...(fields ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
        },
        ...(fields ? { payload: new URLSearchParams(fields).toString() } : {}),
      });
      for (const one of answer.cookies) cookie = `${one.name}=${one.value}`;
      expect([url, answer.statusCode]).toEqual([url, status]);
      if (status !== 303) seen.push([url, answer.body]);
      return answer;
    }
    const formIn = (html: string) => /name="form" value="([^"]+)"/.exec(html)![1]!;
    async function payAt(path: string, method: string, amount: string, pays = 303) {
      const form = formIn((await go('GET', path)).body);
      await go('POST', `${path}/payments`, { form, method, amount }, pays);
      if (pays === 303) await go('GET', `${path}/payments/${form}`);
    }

    await payAt(d, bad.id, '10');
    await payAt(d, good.id, '60');
    await payAt(d, good.id, '9999', 409);
    await go('GET', `${d}/payments/${crypto.randomUUID()}`, undefined, 404);
    await go('POST', `${d}/consent`, {}, 422);
    await go('POST', `${d}/consent`, { agree: 'yes' });
    await go('GET', `${d}/progress`);
    await go('GET', my);
    await go('GET', `${my}/statement`);
    await go('GET', `${my}/pay?pay-${second.id}=yes`);
    await go('GET', `${my}/documents/${second.id}`);
    await go('GET', `${my}/statement?from=0000-01-01`, undefined, 422);
    await go('GET', card);
    const { body: frame } = await go('POST', `${card}/consent`, { agree: 'yes' });
    await go('GET', `${card}/progress`);
    const address = /<iframe class="card" src="([^"]+)"/.exec(frame)![1]!.replaceAll('&#38;', '&');
    const [formPath = '', query] = address.split('?');
    const secret = new URLSearchParams(query).get('secret')!;
    const fields = new URLSearchParams({ secret, test_method: 'approved_mastercard' }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    await server.app.inject({ method: 'POST', url: formPath, headers, payload: fields });
    await go('GET', `${card}/progress`);
    await go('GET', card);
    for (const dead of ['/d/nobody', '/my/nobody', '/card/nobody', '/my/of/nobody'])
      await go('GET', dead, undefined, 410);

    expect(seen.length).toBeGreaterThan(20);
    for (const [url, html] of seen) {
      expect([url, /<html lang="([\w-]+)"/.exec(html)?.[1]]).toEqual([url, language]);
      if (language === 'en') continue;
      const text = html.replace(/<style>.*?<\/style>/s, '').replaceAll('&#39;', '’');
      expect([url, ENGLISH.filter((sentence) => text.includes(sentence))]).toEqual([url, []]);
    }
    if (language === 'en') {
      const all = seen.map(([, html]) => html.replaceAll('&#39;', '’')).join('\n');
      // What would be found on the other pages if it stood there.
      expect(new Set(ENGLISH.filter((sentence) => all.includes(sentence))).size).toBeGreaterThan(35);
    }
    // The card that was just saved is kept with the very words that were shown.
    const methods = (
      await server.call<{ data: PaymentMethod[] }>('GET', `/v1/contacts/${contact}/payment-methods`, { as })
    ).body.data;
    const { version, words } = consentText('Hafen', language);
    expect(methods.find(({ brand }) => brand === 'mastercard')?.consent?.text_version).toBe(version);
    expect(seen.filter(([, html]) => html.replaceAll('&#39;', "'").includes(words)).length).toBeGreaterThan(3);
  });
});

const DUE = { due: { kind: 'net', days: 14 } };

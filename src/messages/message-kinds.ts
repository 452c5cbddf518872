import { formatMinor } from '../foundation/money.ts';
import { type MessageLanguage, messageLanguage } from './languages.ts';
import { type CustomerKind, FRAME_WORDS, type SuppliedWords, TRANSLATIONS } from './message-translations.ts';

/**
 * The kinds of messages there are: what each is for, the words it has until a workspace changes them, and the variables
 * that its template may use, each with an example that previews show. The words here are English; those that go to
 * customers are in other languages too (message-translations.ts).
 */
export interface MessageKind extends SuppliedWords {
  readonly label: string;
  /** Name → what it is, and an example: the same in every language, or as a locale writes it. */
  readonly variables: Readonly<Record<string, { readonly about: string; readonly example: Example }>>;
}
type Example = string | ((locale: string) => string);

const money = (minor: bigint) => (locale: string) => formatMinor(minor, 'USD', locale);
const day = (date: string) => (locale: string) =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`));

const EVERYWHERE = {
  business: { about: 'Name of your business', example: 'Harbour Studio' },
  customer: { about: 'Name of the customer', example: 'Ada Lovelace' },
} as const;

export const MESSAGE_KINDS = {
  invoice: {
    label: 'Invoice or quote',
    subject: '{{ document }} {{ number }} from {{ business }}',
    body: [
      'Hello {{ customer }},',
      '{% if message %}{{ message }}{% else %}please find {{ document | downcase }} {{ number }} over {{ total }}{% if due %}, due on {{ due }}{% endif %}.{% endif %}',
      'Thank you,\n{{ business }}',
    ].join('\n\n'),
    button: 'View {{ document | downcase }}',
    variables: {
      ...EVERYWHERE,
      document: {
        about: 'Invoice, Quote or Credit note, in the customer’s language',
        example: (locale) => FRAME_WORDS[messageLanguage(locale)].invoice,
      },
      number: { about: 'Number of the document', example: 'INV-2026-0042' },
      total: { about: 'Total with its currency', example: money(120_000n) },
      open: { about: 'What is still to be paid; empty when nothing is', example: money(120_000n) },
      issued: { about: 'Day it was issued on', example: day('2026-03-02') },
      due: { about: 'Day it is due on; empty where it has none', example: day('2026-04-01') },
      message: { about: 'What was written for this sending; empty when nothing was', example: '' },
      link: { about: 'Address of the page where it is seen and paid', example: 'https://example.com/d/…' },
    },
  },
  receipt: {
    label: 'Receipt',
    subject: 'Receipt {{ number }} from {{ business }}',
    body: [
      'Hello {{ customer }},',
      'we have received {{ amount }}{% if description %} for “{{ description }}”{% endif %} by {{ method }}. Your receipt is attached.',
      'Thank you,\n{{ business }}',
    ].join('\n\n'),
    button: '',
    variables: {
      ...EVERYWHERE,
      number: { about: 'Number of the receipt', example: 'R-8KD3F2M9QX' },
      amount: { about: 'Amount with its currency', example: money(12_000n) },
      method: { about: 'What it was paid with', example: 'Visa ·· 4242' },
      description: { about: 'What it was for; empty when nothing was said', example: 'Consultation' },
      date: { about: 'Day it was paid on', example: day('2026-03-02') },
    },
  },
  declined_notice: {
    label: 'Declined charge (to staff)',
    subject: 'Declined: {{ amount }} from {{ customer }}',
    body: [
      'A charge of {{ amount }} to {{ customer }} ({{ method }}) was declined.',
      '{{ reason }}',
      'You get this because Settings → Mail says so.',
    ].join('\n\n'),
    button: 'Open the charge',
    variables: {
      ...EVERYWHERE,
      amount: { about: 'Amount with its currency', example: money(12_000n) },
      method: { about: 'What was charged', example: 'Visa ·· 4242' },
      reason: { about: 'Why, and what helps', example: 'The card has insufficient funds.' },
      link: { about: 'Address of the charge', example: 'https://example.com/w/…' },
    },
  },
  charge_failed: {
    label: 'Invoice that could not be charged by itself',
    subject:
      '{% if confirm %}Please confirm the payment of {{ number }}{% else %}{{ number }} could not be charged{% endif %}',
    body: [
      'Hello {{ customer }},',
      'as agreed, we charged {{ amount }} for invoice {{ number }} to {{ method }}. {% if confirm %}Your bank asks you to confirm it: {{ confirm }}{% else %}It did not go through. {{ reason }}{% endif %}',
      '{% unless confirm %}Please pay it behind the link below.\n\n{% endunless %}Thank you,\n{{ business }}',
    ].join('\n\n'),
    button: 'View invoice',
    variables: {
      ...EVERYWHERE,
      number: { about: 'Number of the invoice', example: 'INV-2026-0042' },
      amount: { about: 'Amount with its currency', example: money(12_000n) },
      method: { about: 'What was charged', example: 'Visa ·· 4242' },
      reason: { about: 'Why it failed, as the customer may know it', example: 'Your card has insufficient funds.' },
      confirm: { about: 'Address where their bank asks them to confirm; empty where it failed', example: '' },
      link: { about: 'Address of the page where the invoice is seen and paid', example: 'https://example.com/d/…' },
    },
  },
  statement: {
    label: 'Statement of account',
    subject: 'Statement of your account at {{ business }}',
    body: [
      'Hello {{ customer }},',
      '{% if message %}{{ message }}{% else %}attached is the statement of your account from {{ from }} to {{ until }}.{% if balance %} Its balance is {{ balance }}{% if overdue %}, of which {{ overdue }} is overdue{% endif %}.{% endif %}{% endif %}',
      '{% if link %}On your page you see and pay what is open. The link is for you alone; please do not pass it on.\n\n{% endif %}Thank you,\n{{ business }}',
    ].join('\n\n'),
    button: 'Open your page',
    variables: {
      ...EVERYWHERE,
      from: { about: 'First day of the statement', example: day('2026-01-01') },
      until: { about: 'Last day of the statement', example: day('2026-03-31') },
      balance: { about: 'What is owed at its end, by currency; empty when nothing is', example: money(120_000n) },
      overdue: { about: 'What of it was due before then; empty when nothing was', example: money(30_000n) },
      message: { about: 'What was written for this sending; empty when nothing was', example: '' },
      link: {
        about: 'Address of their page; empty where it goes to another address',
        example: 'https://example.com/my/…',
      },
    },
  },
  customer_page: {
    label: 'Link to the customer’s own page',
    subject: 'Your page at {{ business }}',
    body: [
      'Hello {{ customer }},',
      'on your page you see and pay your invoices, and change your cards and your details. The link is for you alone and works until {{ until }}. Please do not pass it on.',
      'Thank you,\n{{ business }}',
    ].join('\n\n'),
    button: 'Open your page',
    variables: {
      ...EVERYWHERE,
      until: { about: 'Day until which the link works', example: day('2026-04-01') },
      link: { about: 'Address of the page', example: 'https://example.com/my/…' },
    },
  },
  address_confirmation: {
    label: 'Confirmation of a new e-mail address',
    subject: 'Is this your address, for {{ business }}?',
    body: [
      'Hello {{ customer }},',
      'this address was given as your new one at {{ business }}. If it was you, confirm it within a day. If not, do nothing.',
      'Thank you,\n{{ business }}',
    ].join('\n\n'),
    button: 'Confirm this address',
    variables: {
      ...EVERYWHERE,
      link: { about: 'Address of the page where it is confirmed', example: 'https://example.com/my/…' },
    },
  },
  test: {
    label: 'Test mail',
    subject: 'Mail from {{ business }} arrives',
    body: 'This is the test mail that was asked for in Settings → Mail. Whoever reads it knows that mail of {{ business }} goes out.',
    button: '',
    variables: EVERYWHERE,
  },
} as const satisfies Record<string, MessageKind>;

export type MessageKindName = keyof typeof MESSAGE_KINDS;
export const MESSAGE_KIND_NAMES = Object.keys(MESSAGE_KINDS) as [MessageKindName, ...MessageKindName[]];

/** What a kind's template is filled with; every one of its variables, as it is to be read. */
export type ValuesOf<K extends MessageKindName> = {
  readonly [name in keyof (typeof MESSAGE_KINDS)[K]['variables']]: string;
};

/** Examples for every variable of a kind, as a customer of this locale would read them. */
export function examplesOf(kind: MessageKindName, locale = 'en-US'): Record<string, string> {
  const { variables }: MessageKind = MESSAGE_KINDS[kind];
  return Object.fromEntries(
    Object.entries(variables).map(([name, { example }]) => [
      name,
      typeof example === 'string' ? example : example(locale),
    ]),
  );
}

/** Whether messages of a kind go to customers, and so have words in every language. */
export function isForCustomers(kind: MessageKindName): kind is CustomerKind {
  return kind in TRANSLATIONS.de;
}

/** The program's own words of a kind; English where a kind is for the business itself. */
export function suppliedWords(kind: MessageKindName, language: MessageLanguage): SuppliedWords {
  return language !== 'en' && isForCustomers(kind) ? TRANSLATIONS[language][kind] : MESSAGE_KINDS[kind];
}

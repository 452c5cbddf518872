/**
 * The kinds of messages there are: what each is for, the words it has until a workspace changes them, and the variables
 * that its template may use, each with an example that previews show.
 */
export interface MessageKind {
  readonly label: string;
  readonly subject: string;
  readonly body: string;
  /** Name → what it is, and an example. */
  readonly variables: Readonly<Record<string, { readonly about: string; readonly example: string }>>;
  /** Of the button under the text, where the message has a link. */
  readonly button: string;
}

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
      document: { about: 'Invoice, Quote or Credit note', example: 'Invoice' },
      number: { about: 'Number of the document', example: 'INV-2026-0042' },
      total: { about: 'Total with its currency', example: '$1,200.00' },
      open: { about: 'What is still to be paid; empty when nothing is', example: '$1,200.00' },
      issued: { about: 'Day it was issued on', example: 'March 2, 2026' },
      due: { about: 'Day it is due on; empty where it has none', example: 'April 1, 2026' },
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
      amount: { about: 'Amount with its currency', example: '$120.00' },
      method: { about: 'What it was paid with', example: 'Visa ·· 4242' },
      description: { about: 'What it was for; empty when nothing was said', example: 'Consultation' },
      date: { about: 'Day it was paid on', example: 'March 2, 2026' },
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
      amount: { about: 'Amount with its currency', example: '$120.00' },
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
      amount: { about: 'Amount with its currency', example: '$120.00' },
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
      from: { about: 'First day of the statement', example: 'January 1, 2026' },
      until: { about: 'Last day of the statement', example: 'March 31, 2026' },
      balance: { about: 'What is owed at its end, by currency; empty when nothing is', example: '$1,200.00' },
      overdue: { about: 'What of it was due before then; empty when nothing was', example: '$300.00' },
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
      until: { about: 'Day until which the link works', example: 'April 1, 2026' },
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

export function examplesOf(kind: MessageKindName): Record<string, string> {
  return Object.fromEntries(
    Object.entries(MESSAGE_KINDS[kind].variables).map(([name, { example }]) => [name, example]),
  );
}

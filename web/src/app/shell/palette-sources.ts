import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { contactPage } from '../../../../src/contacts/api.ts';
import { formatMinor, parseDecimal } from '../../../../src/foundation/money.ts';
import { type Payment, paymentPage, payment as paymentSchema } from '../../../../src/payments/api.ts';
import { type Command, type CommandSource, useCommandSource, useCommands } from '../../ui/command-registry.ts';
import { useReader } from '../../ui/reader.tsx';
import { useIsOn, useMay, useWorkspaceFacts } from '../../workspace/workspace-facts.ts';
import { useWorkspace } from '../workspace-context.ts';

/** Rows asked for of each source: what fits under its heading. */
const FOUND_MAX = 6;
/** Contacts of that name whose payments are looked through, and how many of each. */
const NAMED_MAX = 3;
/** Payments that are looked through for the people who paid last. */
const LATEST_MAX = 12;

const SETTINGS = [
  ['General settings', ''],
  ['Payment settings and limits', '/payments'],
  ['Invoices: taxes, products, terms, numbers', '/invoices'],
  ['Labs', '/labs'],
  ['Members and invitations', '/members'],
  ['API keys', '/api-keys'],
  ['Audit log', '/audit-log'],
  ['Your account and password', '/account'],
  ['New workspace', '/new-workspace'],
] as const;

/** What the palette finds besides the frame's own places: contacts, transactions, and what can be done. */
export function usePaletteSources() {
  const { api, workspace } = useWorkspace();
  const { locale } = useReader();
  const navigate = useNavigate();
  const may = useMay();
  const isOn = useIsOn();
  const withMoney = isOn('payments_and_ltv');
  const canCharge = withMoney && isOn('charge_customers_directly') && may('payments.charge');
  const currency = useWorkspaceFacts()?.currency;
  const workspaceId = workspace.id;

  const contacts = useMemo<CommandSource>(
    () => ({
      heading: 'Contacts',
      async search(text, signal) {
        const found = await api.get('/v1/contacts', contactPage, { query: { search: text, limit: FOUND_MAX }, signal });
        return found.data.map((contact) => ({
          id: contact.id,
          label: contact.name,
          detail: contact.company?.name ?? contact.email ?? undefined,
          run: () =>
            navigate({ to: '/w/$workspaceId/contacts/$contactId', params: { workspaceId, contactId: contact.id } }),
        }));
      },
    }),
    [api, navigate, workspaceId],
  );

  const transactions = useMemo<CommandSource>(() => {
    const asCommand = (payment: Payment): Command => ({
      id: payment.id,
      label: `${formatMinor(payment.amount_minor, payment.currency, locale)} · ${payment.contact.name}`,
      detail: [payment.method.label, payment.occurred_at.slice(0, 10)].join(' · '),
      run: () =>
        navigate({
          to: '/w/$workspaceId/payments/transactions/$paymentId',
          params: { workspaceId, paymentId: payment.id },
        }),
    });
    const list = async (query: Record<string, string | number>, signal: AbortSignal) =>
      (await api.get('/v1/payments', paymentPage, { query: { limit: FOUND_MAX, ...query }, signal })).data;
    return {
      heading: 'Transactions',
      async search(text, signal) {
        if (!withMoney) return [];
        if (/^pay_[0-9a-z]{26}$/.test(text)) {
          return [asCommand(await api.get(`/v1/payments/${text}`, paymentSchema, { signal }))];
        }
        const amount = currency && /\d/.test(text) ? parseDecimal(text.replace(/[^\d.,' ]/g, ''), currency) : null;
        if (amount?.ok && currency) {
          const amountMinor = Number(amount.amountMinor);
          const found = await list({ currency, amount_min: amountMinor, amount_max: amountMinor }, signal);
          return found.map(asCommand);
        }
        const query = { search: text, limit: NAMED_MAX };
        const named = await api.get('/v1/contacts', contactPage, { query, signal });
        const theirs = await Promise.all(
          named.data.map((contact) => list({ contact: contact.id, limit: NAMED_MAX }, signal)),
        );
        return theirs.flat().map(asCommand);
      },
    };
  }, [api, navigate, workspaceId, locale, currency, withMoney]);

  /** "charge ada", or only "charge": whoever is called so, or paid last, with the sheet open at once. */
  const charges = useMemo<CommandSource>(() => {
    const asCommand = (contact: { id: string; name: string }): Command => ({
      id: `charge-${contact.id}`,
      label: `Charge ${contact.name}`,
      run: () =>
        navigate({
          to: '/w/$workspaceId/contacts/$contactId',
          params: { workspaceId, contactId: contact.id },
          hash: 'charge',
        }),
    });
    return {
      heading: 'Charge',
      async search(text, signal) {
        const [verb = '', ...name] = text.trim().split(/\s+/);
        if (!canCharge || verb.length < 2 || !'charge'.startsWith(verb.toLowerCase())) return [];
        if (name.length > 0) {
          const query = { search: name.join(' '), limit: FOUND_MAX };
          return (await api.get('/v1/contacts', contactPage, { query, signal })).data.map(asCommand);
        }
        const latest = await api.get('/v1/payments', paymentPage, { query: { limit: LATEST_MAX }, signal });
        const people = new Map(latest.data.map(({ contact }) => [contact.id, contact]));
        return [...people.values()].slice(0, NAMED_MAX).map(asCommand);
      },
    };
  }, [api, navigate, workspaceId, canCharge]);

  useCommandSource(charges);
  useCommandSource(contacts);
  useCommandSource(transactions);
  useCommands('Do', [
    ...(may('contacts.write')
      ? [{ id: 'new-list', label: 'New smart list', run: () => go('/contacts/lists/new') }]
      : []),
    ...(may('import')
      ? [{ id: 'new-import', label: 'New import', words: 'csv file upload', run: () => go('/imports/new') }]
      : []),
    ...(withMoney && may('invoices.write')
      ? [
          { id: 'new-invoice', label: 'New invoice', words: 'bill', run: () => go('/payments/invoices/draft') },
          { id: 'new-quote', label: 'New quote', words: 'offer', run: () => go('/payments/invoices/draft?kind=quote') },
        ]
      : []),
    ...(withMoney && may('invoices.read')
      ? [
          {
            id: 'overdue',
            label: 'Overdue invoices',
            words: 'late owed',
            run: () => go('/payments/invoices?status=overdue'),
          },
        ]
      : []),
    ...(withMoney
      ? [
          {
            id: 'needs-action',
            label: 'Payments that need action',
            words: 'failed declined',
            run: () => go('/payments/transactions?needs_action=true'),
          },
        ]
      : []),
  ]);
  useCommands('Settings', [
    ...SETTINGS.map(([label, path]) => ({ id: `settings${path}`, label, run: () => go(`/settings${path}`) })),
    ...(workspace.mode === 'sandbox'
      ? [{ id: 'settings/sandbox', label: 'Sandbox clock and faults', run: () => go('/settings/sandbox') }]
      : []),
  ]);

  function go(path: string) {
    return navigate({ href: `/w/${workspaceId}${path}` });
  }
}

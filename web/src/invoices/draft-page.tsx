import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { contact as contactSchema } from '../../../src/contacts/api.ts';
import { toDecimalText } from '../../../src/foundation/money.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { PaymentsOff } from '../payments/payments-off.tsx';
import { AddressLink } from '../ui/address-link.tsx';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { EmptyState, ErrorState, SkeletonLines } from '../ui/states.tsx';
import { useSwitch, useWorkspaceFacts } from '../workspace/workspace-facts.ts';
import { markOf, typedText } from './decimal-text.ts';
import { DraftEditor } from './draft-editor.tsx';
import { useInvoicing, useTaxes, useTerms } from './draft-facts.ts';
import { type DraftForm, emptyLine, formOf, NO_DISCOUNT } from './draft-form.ts';
import { invoiceAddress } from './invoice-addresses.ts';
import { useDocument } from './use-documents.ts';

const route = getRouteApi('/w/$workspaceId/payments/invoices/draft');

/** Where an invoice or a quote is written: a new one, or a draft that is there already. */
export function DraftPage() {
  const isOn = useSwitch('payments_and_ltv');
  const { draft } = route.useSearch();
  if (isOn === false) return <PaymentsOff title="Invoices" />;
  // A draft that this page has just made keeps the editor, and the cursor in it.
  return <Loaded key={draft === undefined || madeHere.has(draft) ? 'new' : draft} />;
}

/** Drafts that an open editor made: their address changes, the editor stays. */
const madeHere = new Set<string>();

function Loaded() {
  const { api, workspace } = useWorkspace();
  const search = route.useSearch();
  const { locale } = useReader();
  const mark = markOf(locale);
  const facts = useWorkspaceFacts();
  const draft = useDocument(search.draft);
  const taxes = useTaxes();
  const terms = useTerms();
  const settings = useInvoicing();
  const forWhom = useQuery({
    queryKey: [workspace.id, 'contact', search.contact],
    queryFn: ({ signal }) => api.get(`/v1/contacts/${search.contact}`, contactSchema, { signal }),
    enabled: search.contact !== undefined && search.draft === undefined,
  });
  const failed = [draft, taxes, terms, settings].find((query) => query.isError);
  if (failed) {
    return (
      <Page>
        <PageHeader title="Draft" />
        <ErrorState
          title="The draft could not be opened"
          message={describeError(failed.error)}
          onRetry={() => {
            for (const query of [draft, taxes, terms, settings]) if (query.isError) void query.refetch();
          }}
        />
      </Page>
    );
  }
  const isWaiting =
    !facts ||
    !taxes.data ||
    !terms.data ||
    !settings.data ||
    (search.draft !== undefined && !draft.data) ||
    (search.contact !== undefined && search.draft === undefined && forWhom.isPending);
  if (isWaiting) {
    return (
      <Page>
        <PageHeader title={undefined} />
        <SkeletonLines lines={8} />
      </Page>
    );
  }
  if (draft.data && draft.data.number !== null && !madeHere.has(draft.data.id)) {
    return (
      <Page>
        <PageHeader title={draft.data.number} />
        <EmptyState
          title={`${draft.data.number} is issued and stays as it is`}
          action={
            <Button component={AddressLink} address={invoiceAddress(workspace.id, draft.data.id)}>
              Open it
            </Button>
          }
        >
          What is wrong with it is mended with a credit note, or by voiding it and writing another.
        </EmptyState>
      </Page>
    );
  }
  const kept = draft.data ?? null;
  const amountText = (minor: number) => typedText(toDecimalText(BigInt(minor), kept?.currency ?? facts.currency), mark);
  const begun: DraftForm = kept
    ? formOf(kept, terms.data.data, mark, amountText)
    : {
        kind: search.kind ?? 'invoice',
        contact: forWhom.data ? { id: forWhom.data.id, name: forWhom.data.name } : null,
        currency: forWhom.data?.currency ?? facts.currency,
        lines: [emptyLine(taxes.data.data.filter((tax) => tax.is_default).map((tax) => tax.code))],
        discount: NO_DISCOUNT,
        terms: { kind: 'default' },
        deposit: NO_DISCOUNT,
        reference: '',
        notes: '',
        issuedOn: '',
        validUntil: '',
        autoCharge: null,
      };
  return (
    <DraftEditor
      kept={kept}
      begun={begun}
      isCurrencyFixed={forWhom.data?.currency != null}
      facts={{ taxes: taxes.data.data, terms: terms.data.data, settings: settings.data }}
      onMade={(invoice) => madeHere.add(invoice.id)}
    />
  );
}

import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useBlocker, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { parseDecimal } from '../../../src/foundation/money.ts';
import type { Invoice } from '../../../src/invoices/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { currencyChoices } from '../contacts/choices.ts';
import { TestMark } from '../payments/test-mark.tsx';
import { useGoTo } from '../ui/address-link.tsx';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { SkeletonLines } from '../ui/states.tsx';
import { toastDone, toastUndo } from '../ui/toast.tsx';
import { markOf } from './decimal-text.ts';
import { DiscountField } from './discount-field.tsx';
import { amountsOfDraft, type DraftFacts, termsOf } from './draft-amounts.ts';
import { bodyOf, type DraftForm, emptyLine, type LineForm } from './draft-form.ts';
import { DraftSums } from './draft-sums.tsx';
import classes from './editor.module.css';
import { draftAddress, invoiceAddress, invoicesAddress } from './invoice-addresses.ts';
import { useToday } from './invoice-filters.ts';
import { KIND_WORDS } from './invoice-words.ts';
import { LineRows } from './line-rows.tsx';
import { usePreviewWish } from './preview-wish.ts';
import { SaveRefused, SaveWords } from './save-words.tsx';
import { TermsChoice } from './terms-choice.tsx';
import { libraryFor, useContactBilling } from './use-contact-billing.ts';
import { useDocumentDeeds } from './use-documents.ts';
import { useDraft } from './use-draft.ts';

// Fetched when they are needed.
const Attachments = lazy(async () => ({ default: (await import('./attachments.tsx')).Attachments }));
const ConfirmDialog = lazy(async () => ({ default: (await import('../ui/confirm-dialog.tsx')).ConfirmDialog }));
const ContactChoice = lazy(async () => ({ default: (await import('./contact-choice.tsx')).ContactChoice }));
const PreviewPane = lazy(async () => ({ default: (await import('./preview-pane.tsx')).PreviewPane }));
const IssueDialog = lazy(async () => ({ default: (await import('./issue-dialog.tsx')).IssueDialog }));

/** Writes a document: who and what, the sums beside it while one types; kept by itself as a draft. */
export function DraftEditor(props: {
  kept: Invoice | null;
  begun: DraftForm;
  isCurrencyFixed: boolean;
  facts: Omit<DraftFacts, 'today'>;
  onMade: (invoice: Invoice) => void;
}) {
  const { workspace } = useWorkspace();
  const { locale } = useReader();
  const mark = markOf(locale);
  const navigate = useNavigate();
  const goTo = useGoTo();
  const today = useToday();
  const deeds = useDocumentDeeds();
  const files = useFiles();
  const preview = usePreviewWish();
  const [form, setForm] = useState(props.begun);
  const [isTouched, setTouched] = useState(false);
  const [wasAsked, setAsked] = useState(false);
  const [isFixed, setFixed] = useState(props.isCurrencyFixed);
  const [kept, setKept] = useState(props.kept);
  const [issuing, setIssuing] = useState<Invoice | null>(null);
  const [isDiscarding, setDiscarding] = useState(false);
  const { taxes } = props.facts;
  const billing = useContactBilling(form.contact?.id).data;
  const agreed = form.kind === 'invoice' ? (billing?.auto_charge ?? null) : null;
  const autoCharge = form.autoCharge ?? agreed !== null;
  const library = useMemo(() => libraryFor(props.facts.terms, billing?.terms_id), [props.facts.terms, billing]);

  const { body, errors, places } = useMemo(
    () =>
      bodyOf({ ...form, autoCharge }, mark, (text) => {
        const read = parseDecimal(text, form.currency);
        if (!read.ok) return { problem: read.reason };
        return read.amountMinor < 0n ? { problem: 'Not less than zero.' } : { minor: Number(read.amountMinor) };
      }),
    [form, autoCharge, mark],
  );
  const { counted, errors: wrong } = useMemo(
    () => amountsOfDraft(body, termsOf(form.terms, library), { ...props.facts, today }),
    [body, form.terms, library, props.facts, today],
  );
  const isWhole = errors.length === 0 && wrong.length === 0;
  const draft = useDraft({
    kept: props.kept,
    body: isWhole ? body : null,
    isTouched,
    onMade: (invoice) => {
      props.onMade(invoice);
      setKept(invoice);
      void navigate({ ...draftAddress(workspace.id, { draft: invoice.id }), replace: true, ignoreBlocker: true });
    },
  });
  const refused = draft.state.at === 'refused' ? draft.state.fields : [];
  const errorOf = (path: string): string | undefined =>
    [...errors.filter((one) => wasAsked || !one.isMissing), ...wrong, ...refused].find((one) => one.path === path)
      ?.message;

  const change = (changes: Partial<DraftForm>) => {
    setTouched(true);
    setForm((before) => ({ ...before, ...changes }));
  };
  function remove(place: number) {
    const gone = form.lines[place]!;
    const others = form.lines.filter((_, at) => at !== place);
    change({ lines: others.length > 0 ? others : [emptyLine(defaultTaxes())] });
    toastUndo(gone.name === '' ? 'The line is removed.' : `“${gone.name}” is removed.`, () =>
      setForm((now) => ({ ...now, lines: putBack(now.lines, gone, place) })),
    );
  }
  const defaultTaxes = () => taxes.filter((tax) => tax.is_default).map((tax) => tax.code);

  async function review() {
    setAsked(true);
    if (!isWhole) return showFirstError();
    const saved = draft.isKept() ? kept : await draft.save();
    const current = saved ?? (draft.isKept() ? kept : null);
    if (current) {
      setKept(current);
      setIssuing(current);
    }
  }
  async function leave() {
    setAsked(true);
    if (!isWhole) return showFirstError();
    const saved = draft.isKept() ? kept : await draft.save();
    if (saved) goTo(invoiceAddress(workspace.id, saved.id));
  }

  /** What is written is kept first, so that the file is what stands here. */
  async function keptPdf() {
    const saved = draft.isKept() ? kept : await draft.save();
    return saved && `/v1/invoices/${saved.id}/document.pdf`;
  }
  function seePdf() {
    setAsked(true);
    if (isWhole) void files.open(keptPdf(), 'draft.pdf');
    else showFirstError();
  }

  // Leaving keeps what can be kept; only what cannot is asked about.
  const blocker = useBlocker({
    shouldBlockFn: async () => {
      if (!isTouched || draft.isKept() || issuing) return false;
      if (isWhole) return (await draft.save()) === null;
      return form.lines.some((line) => line.name.trim() !== '' || line.unitPrice.trim() !== '');
    },
    enableBeforeUnload: () => isTouched && !draft.isKept(),
    withResolver: true,
  });

  // Ctrl or ⌘ with Enter goes on from anywhere in the form.
  useEffect(() => {
    function onKey(event: KeyboardEvent) {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      if (document.querySelector('[role="dialog"]')) return;
      event.preventDefault();
      void review();
    }
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  });
  const isQuote = form.kind === 'quote';
  const kind = KIND_WORDS[form.kind].toLocaleLowerCase();
  const idOfDraft = async () => (kept ?? (await draft.save()))?.id ?? null;

  return (
    <Page>
      <PageHeader
        title={kept ? `Draft ${kind}` : `New ${kind}`}
        beside={workspace.mode === 'sandbox' && <TestMark />}
        subtitle={<SaveWords state={draft.state} isWhole={isWhole} />}
        actions={
          <>
            {kept && (
              <Button variant="subtle" onClick={() => setDiscarding(true)}>
                Throw away
              </Button>
            )}
            {preview.canBeside ? (
              <Button variant="subtle" aria-pressed={preview.isBeside} onClick={preview.toggle}>
                {preview.isBeside ? 'Hide preview' : 'Preview'}
              </Button>
            ) : (
              <Button variant="subtle" onClick={seePdf}>
                See it as a PDF
              </Button>
            )}
            <Button onClick={() => void leave()}>Save draft</Button>
            <Button variant="filled" onClick={() => void review()}>
              Issue {kind}
            </Button>
          </>
        }
      />
      <SaveRefused state={draft.state} onRetry={() => void draft.save()} />
      <div className={classes.columns} data-preview={preview.isBeside || undefined}>
        <div className={classes.main}>
          <div className={classes.whom}>
            <Suspense fallback={<SkeletonLines lines={1} />}>
              <ContactChoice
                value={form.contact}
                isFirst={form.contact === null}
                error={errorOf('contact_id')}
                onChange={(contact) => {
                  setFixed(contact.currency !== null);
                  change({
                    contact: { id: contact.id, name: contact.name },
                    currency: contact.currency ?? form.currency,
                  });
                }}
              />
            </Suspense>
            <Select
              label="Currency"
              searchable
              data={currencyChoices(locale)}
              limit={60}
              value={form.currency}
              disabled={isFixed}
              comboboxProps={{ width: 280, position: 'bottom-end' }}
              error={errorOf('currency')}
              onChange={(currency) => currency && change({ currency })}
            />
          </div>
          <section aria-label="Lines">
            <LineRows
              lines={form.lines}
              currency={form.currency}
              mark={mark}
              taxes={taxes}
              amountOf={(place) => {
                const index = places.indexOf(place);
                return index === -1 ? undefined : counted?.amounts.lines[index];
              }}
              errorOf={(place, field) => {
                const index = places.indexOf(place);
                return index === -1 ? undefined : errorOf(`lines[${index}].${field}`);
              }}
              onChange={(lines) => change({ lines })}
              onRemove={remove}
            />
            {errorOf('lines') && <p className={classes.errorLine}>{errorOf('lines')}</p>}
          </section>
          <div className={classes.fields}>
            <DiscountField
              label="Discount on the whole"
              isLabelShown
              currency={form.currency}
              value={form.discount}
              error={errorOf('discount.percent') ?? errorOf('discount.amount_minor')}
              onChange={(discount) => change({ discount })}
            />
            <TextInput
              label="Their reference"
              placeholder="Order number"
              maxLength={100}
              value={form.reference}
              error={errorOf('reference')}
              onChange={(event) => change({ reference: event.currentTarget.value })}
            />
            <TextInput
              label="Date"
              type="date"
              value={form.issuedOn}
              description={form.issuedOn === '' ? 'Empty: the day it is issued' : undefined}
              error={errorOf('issued_on')}
              onChange={(event) => change({ issuedOn: event.currentTarget.value })}
            />
            {isQuote && (
              <TextInput
                label="Valid until"
                type="date"
                value={form.validUntil}
                error={errorOf('valid_until')}
                onChange={(event) => change({ validUntil: event.currentTarget.value })}
              />
            )}
          </div>
          <div className={classes.fields}>
            <TermsChoice
              value={form.terms}
              library={library}
              onChange={(terms) => change({ terms })}
              errorOf={errorOf}
            />
            {!isQuote && (
              <DiscountField
                label="Deposit, due at once"
                isLabelShown
                currency={form.currency}
                value={form.deposit}
                error={errorOf('deposit.percent') ?? errorOf('deposit.amount_minor')}
                onChange={(deposit) => change({ deposit })}
              />
            )}
          </div>
          {(agreed !== null || autoCharge) && (
            <Checkbox
              label="Charge it by itself on its due date"
              description={
                agreed ? `With ${agreed.method_label}, as they agreed.` : 'They have not agreed to a card yet.'
              }
              checked={autoCharge}
              onChange={(event) => change({ autoCharge: event.currentTarget.checked })}
            />
          )}
          <Textarea
            label="Notes"
            description="Printed below the lines."
            autosize
            minRows={2}
            maxRows={12}
            maxLength={4_000}
            value={form.notes}
            error={errorOf('notes')}
            onChange={(event) => change({ notes: event.currentTarget.value })}
          />
          <Suspense>
            <Attachments invoiceId={kept?.id ?? null} draftId={idOfDraft} />
          </Suspense>
        </div>
        <aside className={classes.aside} aria-label="Sums">
          <DraftSums amounts={counted?.amounts ?? null} due={counted?.due ?? null} currency={form.currency} />
          {preview.isBeside && (
            <Suspense fallback={<SkeletonLines lines={6} />}>
              <PreviewPane
                draft={draft.known()}
                isBehind={draft.state.at === 'unsaved' || draft.state.at === 'saving'}
              />
            </Suspense>
          )}
        </aside>
      </div>
      {issuing && (
        <Suspense fallback={null}>
          <IssueDialog
            draft={issuing}
            onClose={() => setIssuing(null)}
            onIssued={(invoice) => {
              toastDone(`${invoice.number} is issued`);
              void navigate({ ...invoiceAddress(workspace.id, invoice.id), replace: true, ignoreBlocker: true });
            }}
          />
        </Suspense>
      )}
      {isDiscarding && (
        <Suspense fallback={null}>
          <ConfirmDialog
            isOpen
            onClose={() => setDiscarding(false)}
            title="Throw this draft away?"
            confirm="Throw away"
            isDestructive
            describe={describeError}
            onConfirm={async () => {
              if (kept) await deeds.discard(kept.id);
              void navigate({
                ...invoicesAddress(workspace.id, isQuote ? { kind: 'quote' } : {}),
                replace: true,
                ignoreBlocker: true,
              });
              toastDone('The draft is thrown away');
            }}
          >
            Nobody has seen it and it has no number. It cannot be brought back.
          </ConfirmDialog>
        </Suspense>
      )}
      {blocker.status === 'blocked' && (
        <Suspense fallback={null}>
          <ConfirmDialog
            isOpen
            onClose={() => blocker.reset()}
            title="Leave without keeping it?"
            confirm="Leave"
            isDestructive
            describe={describeError}
            onConfirm={() => blocker.proceed()}
          >
            Something is still missing or wrong, so that what was written last could not be kept as a draft.
          </ConfirmDialog>
        </Suspense>
      )}
    </Page>
  );
}

function putBack(lines: readonly LineForm[], line: LineForm, place: number): LineForm[] {
  return [...lines.slice(0, place), line, ...lines.slice(place)];
}

/** The first field that says what is wrong is brought into view; it is drawn only a moment from now. */
function showFirstError() {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>('#page [aria-invalid="true"]');
    field?.focus();
    field?.scrollIntoView({ block: 'center' });
  });
}

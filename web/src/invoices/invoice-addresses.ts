import { linkOptions } from '@tanstack/react-router';
import type { InvoiceSearch } from './invoice-search.ts';

/** What a new document begins with. */
export interface DraftSearch {
  /** A draft that is written on. */
  draft?: string;
  kind?: 'quote';
  contact?: string;
}

export function readDraftSearch(search: Record<string, unknown>): DraftSearch {
  const read: DraftSearch = {};
  if (typeof search.draft === 'string' && /^inv_[0-9a-z]{26}$/.test(search.draft)) read.draft = search.draft;
  if (search.kind === 'quote') read.kind = 'quote';
  if (typeof search.contact === 'string' && /^con_[0-9a-z]{26}$/.test(search.contact)) read.contact = search.contact;
  return read;
}

/** The address of a document's page. */
export function invoiceAddress(workspaceId: string, invoiceId: string) {
  return linkOptions({ to: '/w/$workspaceId/payments/invoices/$invoiceId', params: { workspaceId, invoiceId } });
}

export function invoicesAddress(workspaceId: string, search: InvoiceSearch = {}) {
  return linkOptions({ to: '/w/$workspaceId/payments/invoices', params: { workspaceId }, search });
}

/** Where a document is written. */
export function draftAddress(workspaceId: string, search: DraftSearch = {}) {
  return linkOptions({ to: '/w/$workspaceId/payments/invoices/draft', params: { workspaceId }, search });
}

/** The address of a schedule's page. */
export function recurringAddress(workspaceId: string, recurringId: string) {
  return linkOptions({ to: '/w/$workspaceId/payments/recurring/$recurringId', params: { workspaceId, recurringId } });
}

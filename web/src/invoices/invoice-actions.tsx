import { IconAddressBook, IconCopy, IconEye, IconPencil, IconTrash } from '@tabler/icons-react';
import type { InvoiceRowAnswer } from '../../../src/invoices/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useGoTo } from '../ui/address-link.tsx';
import { copyToClipboard } from '../ui/copy-text.tsx';
import type { RowAction } from '../ui/data-table-shape.ts';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { draftAddress, invoiceAddress } from './invoice-addresses.ts';
import { KIND_WORDS } from './invoice-words.ts';
import { useDocumentDeeds } from './use-documents.ts';

const icon = { size: 16, stroke: 1.6, 'aria-hidden': true } as const;

/** The three dots of a document. Viewing it comes first, as it does everywhere. */
export function useInvoiceActions(): (row: InvoiceRowAnswer) => readonly RowAction[] {
  const { workspace } = useWorkspace();
  const goTo = useGoTo();
  const deeds = useDocumentDeeds();
  const mayWrite = useMay()('invoices.write');

  async function duplicate(row: InvoiceRowAnswer) {
    try {
      const draft = await deeds.copy(row.id);
      goTo(draftAddress(workspace.id, { draft: draft.id }));
    } catch (error) {
      toastFailed(`It was not duplicated. ${describeError(error)}`);
    }
  }
  async function discard(row: InvoiceRowAnswer) {
    try {
      await deeds.discard(row.id);
      toastDone('The draft is thrown away');
    } catch (error) {
      toastFailed(describeError(error));
    }
  }

  return (row) => [
    {
      label: `View ${KIND_WORDS[row.kind].toLocaleLowerCase()}`,
      icon: <IconEye {...icon} />,
      link: invoiceAddress(workspace.id, row.id),
    },
    ...(mayWrite && row.number === null
      ? [{ label: 'Write on', icon: <IconPencil {...icon} />, link: draftAddress(workspace.id, { draft: row.id }) }]
      : []),
    ...(mayWrite && row.kind !== 'credit_note'
      ? [{ label: 'Duplicate', icon: <IconCopy {...icon} />, run: () => void duplicate(row) }]
      : []),
    {
      label: row.number === null ? 'Copy id' : 'Copy number',
      icon: <IconCopy {...icon} />,
      run: () => void copyToClipboard(row.number ?? row.id).then(() => toastDone(`${row.number ?? row.id} is copied`)),
    },
    {
      label: 'Open contact',
      icon: <IconAddressBook {...icon} />,
      link: {
        to: '/w/$workspaceId/contacts/$contactId',
        params: { workspaceId: workspace.id, contactId: row.contact.id },
      },
    },
    ...(mayWrite && row.number === null
      ? [
          {
            label: 'Throw away',
            icon: <IconTrash {...icon} />,
            isDestructive: true,
            run: () => void discard(row),
          },
        ]
      : []),
  ];
}

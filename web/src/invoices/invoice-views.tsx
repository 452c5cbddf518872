import { Link } from '@tanstack/react-router';
import { useWorkspace } from '../app/workspace-context.ts';
import type { InvoiceSearch } from './invoice-search.ts';
import classes from './invoices.module.css';

const VIEWS: readonly { label: string; search: InvoiceSearch; isSetApart?: boolean }[] = [
  { label: 'All', search: {} },
  { label: 'Outstanding', search: { status: 'outstanding' } },
  { label: 'Overdue', search: { status: 'overdue' } },
  { label: 'Drafts', search: { status: 'draft' } },
  { label: 'Paid', search: { status: 'paid' } },
  { label: 'Quotes', search: { kind: 'quote' }, isSetApart: true },
  { label: 'Credit notes', search: { kind: 'credit_note' } },
];

/** What is mostly looked for, with one click. A view is an address, so that it can be kept and sent. */
export function InvoiceViews({ search }: { search: InvoiceSearch }) {
  const { workspace } = useWorkspace();
  const open = VIEWS.findLast(
    (view) => view.search.kind === search.kind && (view.search.status ?? null) === (search.status ?? null),
  );
  return (
    <nav className={classes.views} aria-label="Views">
      {VIEWS.map((view) => (
        <span key={view.label} style={{ display: 'contents' }}>
          {view.isSetApart && <span className={classes.viewsGap} aria-hidden />}
          <Link
            to="/w/$workspaceId/payments/invoices"
            params={{ workspaceId: workspace.id }}
            search={view.search}
            replace
            className={classes.view}
            data-open={view === open || undefined}
            aria-current={view === open ? 'true' : undefined}
          >
            {view.label}
          </Link>
        </span>
      ))}
    </nav>
  );
}

import { IconCopy, IconUser } from '@tabler/icons-react';
import { linkOptions } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { ContactRow } from '../../../src/contacts/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { copyToClipboard } from '../ui/copy-text.tsx';
import { DataTable } from '../ui/data-table.tsx';
import type { Column, Sort } from '../ui/data-table-shape.ts';
import { DateText } from '../ui/date-text.tsx';
import type { ListSource } from '../ui/list-source.ts';
import { MoneyText } from '../ui/money-text.tsx';
import { toastDone } from '../ui/toast.tsx';
import classes from './contact-list.module.css';

/** Tags that a row has room for; the rest are counted. */
const TAGS_SHOWN_MAX = 2;

/**
 * Contacts as rows: who, tags, owner, what they are worth, since when. `currency` is the one whose lifetime value is
 * shown first where a contact has several. The value column is there only when the rows carry values.
 */
export function ContactTable(props: {
  label: string;
  source: ListSource<ContactRow>;
  currency: string | null;
  sort?: { current: Sort; onSort: (sort: Sort) => void };
  empty: ReactNode;
}) {
  const { workspace } = useWorkspace();
  const hasMoney = props.source.rows.length === 0 || props.source.rows.some((row) => row.ltv !== undefined);
  const columns: Column<ContactRow>[] = [
    {
      id: 'name',
      header: 'Name',
      width: 'minmax(180px, 3fr)',
      isSortable: true,
      render: (row) => (
        <span className={classes.who}>
          <span className={classes.name}>{row.name}</span>
          {row.company && <span className={classes.company}>{row.company.name}</span>}
          {row.archived_at && <span className={classes.company}>archived</span>}
        </span>
      ),
    },
    {
      id: 'tags',
      header: 'Tags',
      width: 'minmax(96px, 1.4fr)',
      minTableWidth: 720,
      render: (row) => <Tags tags={row.tags} />,
    },
    {
      id: 'owner',
      header: 'Owner',
      width: 'minmax(96px, 1fr)',
      minTableWidth: 900,
      render: (row) => row.owner?.name ?? '',
    },
    {
      id: 'created',
      header: 'Added',
      width: '132px',
      minTableWidth: 640,
      isSortable: true,
      render: (row) => <DateText at={row.created_at} />,
    },
    ...(hasMoney
      ? [
          {
            id: 'ltv',
            header: 'Lifetime value',
            width: '152px',
            align: 'right' as const,
            isSortable: true,
            render: (row: ContactRow) => <Worth row={row} currency={props.currency} />,
          },
        ]
      : []),
  ];

  return (
    <DataTable
      label={props.label}
      source={props.source}
      columns={columns}
      rowId={(row) => row.id}
      rowLink={(row) =>
        linkOptions({
          to: '/w/$workspaceId/contacts/$contactId',
          params: { workspaceId: workspace.id, contactId: row.id },
        })
      }
      rowActions={(row) => [
        {
          label: 'Open contact',
          icon: <IconUser size={16} stroke={1.6} />,
          link: linkOptions({
            to: '/w/$workspaceId/contacts/$contactId',
            params: { workspaceId: workspace.id, contactId: row.id },
          }),
        },
        {
          label: 'Copy id',
          icon: <IconCopy size={16} stroke={1.6} />,
          run: () => void copyToClipboard(row.id).then(() => toastDone('The id is copied.')),
        },
      ]}
      {...(props.sort ? { sort: props.sort } : {})}
      phone={(row) => ({
        title: row.name,
        value: hasMoney ? <Worth row={row} currency={props.currency} /> : undefined,
        detail: row.company?.name ?? row.tags.join(', '),
        valueDetail: <DateText at={row.created_at} />,
      })}
      empty={props.empty}
    />
  );
}

function Tags({ tags }: { tags: readonly string[] }) {
  const hidden = tags.length - TAGS_SHOWN_MAX;
  return (
    <span className={classes.tags} title={tags.length > 0 ? tags.join(', ') : undefined}>
      {tags.slice(0, TAGS_SHOWN_MAX).map((tag) => (
        <span key={tag} className={classes.tag}>
          {tag}
        </span>
      ))}
      {hidden > 0 && <span className={classes.more}>+{hidden}</span>}
    </span>
  );
}

/** One amount per row so that the column lines up; further currencies are counted, and named on hover. */
function Worth({ row, currency }: { row: ContactRow; currency: string | null }) {
  const values = row.ltv ?? [];
  const first = values.find((one) => one.currency === currency) ?? values[0];
  if (!first) return <span className={classes.none}>–</span>;
  const others = values.filter((one) => one !== first);
  return (
    <span className={classes.worth}>
      {others.length > 0 && (
        <span className={classes.more} title={others.map((one) => one.currency).join(', ')}>
          +{others.length}
        </span>
      )}
      <MoneyText amountMinor={first.amount_minor} currency={first.currency} />
    </span>
  );
}

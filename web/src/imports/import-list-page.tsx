import { Button } from '@mantine/core';
import { IconFileImport } from '@tabler/icons-react';
import { type ImportRecord, importPage } from '../../../src/imports/api.ts';
import { useCursorPages } from '../app/cursor-pages.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { DataTable } from '../ui/data-table.tsx';
import type { Column } from '../ui/data-table-shape.ts';
import { DateText } from '../ui/date-text.tsx';
import { Page, PageHeader } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { EmptyState } from '../ui/states.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import { countWords, KIND_WORDS, statusOf } from './import-words.ts';

/** Every file that was brought in, newest first. */
export function ImportListPage() {
  const { workspace } = useWorkspace();
  const { locale } = useReader();
  const source = useCursorPages({ key: 'imports', path: '/v1/imports', page: importPage });
  const params = { workspaceId: workspace.id };
  const add = (
    <Button variant="filled" component={AddressLink} address={{ to: '/w/$workspaceId/imports/new', params }}>
      New import
    </Button>
  );
  const columns: Column<ImportRecord>[] = [
    { id: 'file', header: 'File', width: 'minmax(160px, 3fr)', render: (record) => record.file_name },
    {
      id: 'kind',
      header: 'What',
      width: 'minmax(96px, 1fr)',
      minTableWidth: 640,
      render: (record) => KIND_WORDS[record.kind].name,
    },
    { id: 'status', header: 'Status', width: '184px', render: (record) => <ImportStatus record={record} /> },
    {
      id: 'lines',
      header: 'Lines',
      width: '120px',
      align: 'right',
      minTableWidth: 760,
      render: (record) => (record.summary ? new Intl.NumberFormat(locale).format(record.summary.lines.read) : ''),
    },
    { id: 'by', header: 'By', width: 'minmax(96px, 1fr)', minTableWidth: 880, render: (record) => record.created_by },
    { id: 'at', header: 'When', width: '128px', render: (record) => <DateText at={record.created_at} /> },
  ];
  return (
    <Page>
      <PageHeader title="Imports" actions={source.rows.length > 0 && add} />
      <DataTable
        label="Imports"
        source={source}
        columns={columns}
        rowId={(record) => record.id}
        rowLink={(record) => ({ to: '/w/$workspaceId/imports/$importId', params: { ...params, importId: record.id } })}
        phone={(record) => ({
          title: record.file_name,
          value: record.summary ? countWords(record.summary.lines.read, 'line', 'lines', locale) : '',
          detail: <ImportStatus record={record} />,
          valueDetail: <DateText at={record.created_at} />,
        })}
        empty={
          <EmptyState icon={<IconFileImport size={28} stroke={1.4} />} title="Nothing was imported yet" action={add}>
            Bring contacts and past payments from a CSV file. You see what would happen before anything is written, and
            every import can be undone in one step.
          </EmptyState>
        }
      />
    </Page>
  );
}

export function ImportStatus({ record }: { record: ImportRecord }) {
  const status = statusOf(record);
  return <StatusDot tone={status.tone}>{status.words}</StatusDot>;
}

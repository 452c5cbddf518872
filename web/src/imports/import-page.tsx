import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { type ImportRecord, importRecord } from '../../../src/imports/api.ts';
import { describeError } from '../app/api-problem.ts';
import { useFiles } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { DateText } from '../ui/date-text.tsx';
import { Page, PageHeader, Section } from '../ui/page-header.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { useReader } from '../ui/reader.tsx';
import { ErrorState, Notice, SkeletonLines } from '../ui/states.tsx';
import { toastDone, toastFailed } from '../ui/toast.tsx';
import { ImportStatus } from './import-list-page.tsx';
import { ImportMapping } from './import-mapping.tsx';
import { ImportReasons, ImportTieOut } from './import-tie-out.tsx';
import { bytesWords, canBeMapped, countWords, hasFile, isRunning, KIND_WORDS, whatWords } from './import-words.ts';
import classes from './imports.module.css';

const route = getRouteApi('/w/$workspaceId/imports/$importId');

/** How often work under way is looked at. It goes on in the server whether or not anybody looks. */
const POLL_MS = 800;

/** One import from its columns to what it wrote, and back. */
export function ImportPage() {
  const { importId } = route.useParams();
  const { api, workspace } = useWorkspace();
  const query = useQuery({
    queryKey: [workspace.id, 'import', importId],
    queryFn: ({ signal }) => api.get(`/v1/imports/${importId}`, importRecord, { signal }),
    refetchInterval: ({ state }) => (state.data && isRunning(state.data) ? POLL_MS : false),
  });
  if (query.data) return <Import record={query.data} />;
  return (
    <Page>
      <PageHeader title={query.isError ? 'Import' : undefined} />
      {query.isError ? (
        <ErrorState
          title="This import could not be loaded"
          message={describeError(query.error)}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <SkeletonLines lines={6} width="560px" />
      )}
    </Page>
  );
}

function Import({ record }: { record: ImportRecord }) {
  const { api, workspace } = useWorkspace();
  const { locale } = useReader();
  const files = useFiles();
  const queryClient = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const step = useMutation({
    mutationFn: (noun: 'check' | 'commitment' | 'undo') =>
      api.post(`/v1/imports/${record.id}/${noun}`, undefined, importRecord),
    onSuccess: (next) => queryClient.setQueryData([workspace.id, 'import', record.id], next),
    onError: (error) => toastFailed(describeError(error)),
  });

  const discard = useMutation({
    mutationFn: () => api.remove(`/v1/imports/${record.id}/file`),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: [workspace.id] });
      toastDone('The file is removed');
    },
    onError: (error) => toastFailed(describeError(error)),
  });

  const before = useRef(record.status);
  useEffect(() => {
    const was = before.current;
    before.current = record.status;
    if (was === record.status || isRunning(record)) return;
    if (record.status === 'committed') toastDone('Everything is imported');
    if (record.status === 'undone') toastDone('The import is undone');
    void queryClient.invalidateQueries({ queryKey: [workspace.id] });
  }, [record, queryClient, workspace.id]);

  const { summary } = record;
  const isChecked = record.status === 'checked' && summary !== null;
  const isHere = hasFile(record);
  const toWrite = summary && whatWords(newOnes(summary), locale);
  const mayUndo = record.status === 'committed' || (record.status === 'failed' && record.progress.rows_done > 0);
  return (
    <Page>
      <PageHeader
        title={record.file_name}
        beside={<ImportStatus record={record} />}
        subtitle={
          <>
            {KIND_WORDS[record.kind].name} · {bytesWords(record.file_bytes, locale)} · {record.created_by},{' '}
            <DateText at={record.created_at} />
          </>
        }
        actions={
          <>
            {mayUndo && <Button onClick={() => setAsking(true)}>Undo import</Button>}
            {isHere && canBeMapped(record) && (
              <Button loading={discard.isPending} onClick={() => discard.mutate()}>
                Remove the file
              </Button>
            )}
            {isHere && (record.status === 'uploaded' || record.status === 'failed') && (
              <Button variant="filled" loading={step.isPending} onClick={() => step.mutate('check')}>
                Check the file
              </Button>
            )}
            {isHere && isChecked && (
              <>
                <Button loading={step.isPending} onClick={() => step.mutate('check')}>
                  Check again
                </Button>
                <Button
                  variant="filled"
                  classNames={{ root: classes.commit ?? '', label: classes.commitWords ?? '' }}
                  disabled={!summary.ties || step.isPending || toWrite === null}
                  onClick={() => step.mutate('commitment')}
                >
                  {toWrite === null ? 'Nothing to import' : `Import ${toWrite}`}
                </Button>
              </>
            )}
          </>
        }
      />
      {record.failure && (
        <Notice tone="red" title="It was stopped">
          {record.failure}
        </Notice>
      )}
      <FileLife record={record} />
      {isRunning(record) && <Progress record={record} />}
      {isChecked && !summary.ties && (
        <Notice tone="red" title="The totals do not tie out">
          Nothing can be imported: a sum of the file is not the sum of what would be written, left out and refused.
          Check how amounts are read.
        </Notice>
      )}
      {isChecked && summary.ties && toWrite === null && (
        <Notice tone="quiet">Everything in this file is already here. There is nothing to import.</Notice>
      )}
      {summary?.written && !isRunning(record) && <Written summary={summary} />}
      {summary && (
        <Section
          title={record.status === 'checked' ? 'What would be written' : 'Tie-out'}
          note="Every line and every amount of the file stands on one side or the other."
        >
          <ImportTieOut summary={summary} />
        </Section>
      )}
      {summary && summary.reasons.length > 0 && (
        <Section
          title="Left out, refused and changed"
          actions={
            <Button
              size="xs"
              loading={files.isFetching}
              onClick={() => void files.download(`/v1/imports/${record.id}/errors.csv`, 'import-errors.csv')}
            >
              Download line by line
            </Button>
          }
        >
          <ImportReasons summary={summary} />
        </Section>
      )}
      {isHere && canBeMapped(record) && <ImportMapping record={record} />}
      <ConfirmDialog
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        title={`Undo the import of ${record.file_name}?`}
        confirm="Undo import"
        isDestructive
        describe={describeError}
        onConfirm={() => step.mutateAsync('undo')}
      >
        {(summary?.written && whatWords(summary.written, locale)) ?? 'What it wrote'} will be taken back, in one step.
        {summary && summary.money.length > 0 && ' Lifetime values and totals become what they were.'} Contacts that have
        something else on them by now stay. The same file can be imported again.
      </ConfirmDialog>
    </Page>
  );
}

const BYTES_PER_MEGABYTE = 1_048_576;

function Progress({ record }: { record: ImportRecord }) {
  const { locale } = useReader();
  const { progress, status } = record;
  const isReading = status === 'checking';
  const megabytes = (bytes: number) => Math.ceil(bytes / BYTES_PER_MEGABYTE);
  return (
    <div>
      {isReading ? (
        <ProgressBar
          label="Checking"
          done={megabytes(progress.bytes_read)}
          total={megabytes(record.file_bytes)}
          unit="MB"
        />
      ) : (
        <ProgressBar
          label={status === 'undoing' ? 'Taking back' : 'Importing'}
          done={progress.rows_done}
          total={progress.rows_total}
          unit="rows"
        />
      )}
      <p className={classes.quiet}>
        {isReading && progress.lines_read > 0 && `${countWords(progress.lines_read, 'line', 'lines', locale)} so far. `}
        You can leave this page; the work goes on.
      </p>
    </div>
  );
}

function Written({ summary }: { summary: NonNullable<ImportRecord['summary']> }) {
  const { locale } = useReader();
  const { written, taken_back: back } = summary;
  if (!written) return null;
  if (back) {
    const kept = whatWords(
      {
        documents: back.documents_kept,
        payments: back.payments_kept,
        contacts: back.contacts_kept,
        companies: back.companies_kept,
      },
      locale,
    );
    return (
      <Notice tone="quiet" title="This import is undone">
        {whatWords(back, locale) ?? 'Nothing'} taken back.
        {kept && ` Kept, because something else is on them by now: ${kept}.`}
      </Notice>
    );
  }
  return (
    <Notice tone="green">
      {whatWords(written, locale) ?? 'Nothing new'} written
      {written.already_there > 0 &&
        `; ${countWords(written.already_there, 'row was', 'rows were', locale)} here before`}
      .
    </Notice>
  );
}

/** What a commit of the checked file would make. */
function newOnes({ contacts, companies, payments, documents }: NonNullable<ImportRecord['summary']>) {
  return {
    documents: documents ? documents.invoices + documents.credit_notes - documents.already_there : 0,
    payments: payments.in_file - payments.already_there,
    contacts: contacts.in_file - contacts.already_there,
    companies: companies.to_add,
  };
}

/** Why there is nothing to check or to import any more, or until when there is. */
function FileLife({ record }: { record: ImportRecord }) {
  const { locale } = useReader();
  if (record.file_removed_at !== null) {
    return (
      <Notice tone="quiet" title="The file is not here any more">
        It was removed from the server <DateText at={record.file_removed_at} />. To import it, send it again.
      </Notice>
    );
  }
  if (record.file_kept_until === null) return null;
  const until = new Intl.DateTimeFormat(locale, { dateStyle: 'long' }).format(new Date(record.file_kept_until));
  return <p className={classes.quiet}>The file waits on the server until it is imported, at most until {until}.</p>;
}

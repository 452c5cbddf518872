import { Button, FileButton, Radio } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import type { ImportRecord } from '../../../src/imports/api.ts';
import { FILE_BYTES_MAX } from '../../../src/imports/import.ts';
import { ApiProblem, describeError, NetworkFailure } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { Page, PageHeader, Section } from '../ui/page-header.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { Notice } from '../ui/states.tsx';
import { useIsOn } from '../workspace/workspace-facts.ts';
import { KIND_WORDS } from './import-words.ts';
import classes from './imports.module.css';
import { sendImportFile } from './send-file.ts';

const KINDS = Object.keys(KIND_WORDS) as ImportRecord['kind'][];
const BYTES_PER_MEGABYTE = 1_048_576;

/** What is in the file, and the file. Nothing is written: that is asked on the next page, after a look at it. */
export function NewImportPage() {
  const { workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const withMoney = useIsOn()('payments_and_ltv');
  const [kind, setKind] = useState<ImportRecord['kind']>('contacts');
  const [sending, setSending] = useState<{ file: File; sentBytes: number } | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const [isOver, setOver] = useState(false);
  const abort = useRef<AbortController | null>(null);
  useEffect(() => () => abort.current?.abort(), []);

  async function send(file: File | null | undefined) {
    if (!file || sending) return;
    if (file.size > FILE_BYTES_MAX) {
      setFailure(`${file.name} is larger than 4 GB. Compress it with gzip, or divide it into several files.`);
      return;
    }
    setFailure(null);
    setSending({ file, sentBytes: 0 });
    const controller = new AbortController();
    abort.current = controller;
    try {
      const record = await sendImportFile({
        workspaceId: workspace.id,
        kind,
        file,
        signal: controller.signal,
        onProgress: (sentBytes) => setSending({ file, sentBytes }),
      });
      queryClient.setQueryData([workspace.id, 'import', record.id], record);
      void queryClient.invalidateQueries({ queryKey: [workspace.id, 'imports'] });
      await navigate({
        to: '/w/$workspaceId/imports/$importId',
        params: { workspaceId: workspace.id, importId: record.id },
      });
    } catch (error) {
      if (!controller.signal.aborted) setFailure(wordsOf(error));
      setSending(null);
    }
  }
  function drop(event: DragEvent) {
    event.preventDefault();
    setOver(false);
    void send(event.dataTransfer.files[0]);
  }

  return (
    <Page width="narrow">
      <PageHeader
        title="New import"
        subtitle="From a CSV file. Nothing is written before you have seen what would be."
      />
      <Section title="What is in the file?">
        <Radio.Group
          aria-label="What is in the file"
          value={kind}
          onChange={(next) => setKind(next as ImportRecord['kind'])}
        >
          <div className={classes.kinds}>
            {KINDS.filter((one) => withMoney || one === 'contacts').map((one) => (
              <Radio
                key={one}
                size="xs"
                value={one}
                disabled={sending !== null}
                label={KIND_WORDS[one].name}
                description={KIND_WORDS[one].what}
              />
            ))}
          </div>
        </Radio.Group>
      </Section>
      <Section title="The file">
        {sending ? (
          <>
            <ProgressBar
              label={`Sending ${sending.file.name}`}
              done={Math.round(sending.sentBytes / BYTES_PER_MEGABYTE)}
              total={Math.max(1, Math.round(sending.file.size / BYTES_PER_MEGABYTE))}
              unit="MB"
            />
            <div>
              <Button onClick={() => abort.current?.abort()}>Stop</Button>
            </div>
          </>
        ) : (
          // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same
          <div
            className={classes.drop}
            data-over={isOver || undefined}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={drop}
          >
            <p className={classes.dropWords}>Drop a file here, or</p>
            <FileButton onChange={(file) => void send(file)} accept=".csv,.tsv,.txt,.gz,text/csv">
              {(button) => (
                <Button variant="filled" {...button}>
                  Choose a file
                </Button>
              )}
            </FileButton>
            <p className={classes.dropWords}>
              CSV with commas, semicolons, tabs or bars, up to 4 GB; compressed with gzip is fine.
            </p>
          </div>
        )}
        {failure && <Notice tone="red">{failure}</Notice>}
      </Section>
    </Page>
  );
}

function wordsOf(error: unknown): string {
  if (error instanceof ApiProblem) return error.detail;
  if (error instanceof NetworkFailure)
    return 'The connection broke while the file was sent. Nothing was kept; send it again.';
  return describeError(error);
}

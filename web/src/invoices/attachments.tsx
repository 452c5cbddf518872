import { ActionIcon, Button, FileButton } from '@mantine/core';
import { IconPaperclip, IconX } from '@tabler/icons-react';
import { type DragEvent, useRef, useState } from 'react';
import {
  ATTACHMENT_BYTES_MAX,
  ATTACHMENT_KIND_WORDS,
  ATTACHMENTS_MAX,
  fileSizeText,
  inMegabytes,
} from '../../../src/invoices/attachment.ts';
import { Section } from '../ui/page-header.tsx';
import { ProgressBar } from '../ui/progress-bar.tsx';
import { useReader } from '../ui/reader.tsx';
import { Notice } from '../ui/states.tsx';
import classes from './attachments.module.css';
import { ACCEPTED_FILES } from './file-problem.ts';
import { type FileOwner, useAttachments } from './use-attachments.ts';

/**
 * Files that go with a document. On a draft they are dropped or chosen, and taken away again; `draftId` answers the draft
 * that they are kept with, and makes it first where there is none. Of what was issued they are saved only; nothing is
 * shown where there are none. Those of a schedule go with everything that it makes.
 */
export function Attachments(props: {
  invoiceId: string | null;
  draftId: (() => Promise<string | null>) | null;
  owner?: FileOwner;
}) {
  const { invoiceId, draftId, owner = 'invoices' } = props;
  const { locale } = useReader();
  const files = useAttachments(invoiceId, owner);
  const [isOver, setOver] = useState(false);
  const resetChooser = useRef<() => void>(null);
  if (draftId === null && files.listed.length === 0 && files.failure === null) return null;

  const send = (chosen: readonly File[]) => {
    if (draftId !== null && chosen.length > 0) void files.add(chosen, draftId);
    // The same file can be chosen again after it was refused.
    resetChooser.current?.();
  };
  const drop = (event: DragEvent) => {
    if (draftId === null || !event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver(false);
    send([...event.dataTransfer.files]);
  };
  return (
    <Section title="Files">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button inside does the same */}
      <div
        className={draftId === null ? classes.files : classes.drop}
        data-over={isOver || undefined}
        onDragOver={(event) => {
          if (draftId === null || !event.dataTransfer.types.includes('Files')) return;
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {files.failure !== null && (
          <Notice
            tone="red"
            action={
              <Button size="xs" onClick={files.retry}>
                Try again
              </Button>
            }
          >
            {files.failure}
          </Notice>
        )}
        {(files.listed.length > 0 || files.sendings.length > 0) && (
          <ul className={classes.list}>
            {files.listed.map(({ id, name, size_bytes }) => (
              <li key={id} className={classes.file}>
                <button type="button" className={classes.name} onClick={() => files.save(id, name)}>
                  <IconPaperclip size={16} stroke={1.8} aria-hidden />
                  <span>{name}</span>
                </button>
                <span className={classes.size}>{fileSizeText(size_bytes, locale)}</span>
                {draftId !== null && (
                  <ActionIcon
                    variant="subtle"
                    aria-label={`Take ${name} away`}
                    onClick={() => void files.remove(id, name)}
                  >
                    <IconX size={16} stroke={1.8} />
                  </ActionIcon>
                )}
              </li>
            ))}
            {files.sendings.map(({ key, file, sentBytes, problem }) => (
              <li key={`sending ${key}`} className={classes.file}>
                {problem === null ? (
                  <div className={classes.progress}>
                    <ProgressBar
                      label={`Sending ${file.name}`}
                      done={Math.round(Math.min(sentBytes, file.size) / 1024)}
                      total={Math.max(1, Math.round(file.size / 1024))}
                      unit="kB"
                    />
                  </div>
                ) : (
                  <>
                    <div className={classes.refused} role="alert">
                      <span>{file.name}</span>
                      <span>{problem}</span>
                    </div>
                    <ActionIcon variant="subtle" aria-label={`Dismiss ${file.name}`} onClick={() => files.dismiss(key)}>
                      <IconX size={16} stroke={1.8} />
                    </ActionIcon>
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
        {draftId !== null && (
          <div className={classes.choose}>
            <FileButton multiple accept={ACCEPTED_FILES} onChange={send} resetRef={resetChooser}>
              {(button) => (
                <Button size="xs" {...button}>
                  Add files
                </Button>
              )}
            </FileButton>
            <span className={classes.words}>
              or drop them here. {ATTACHMENT_KIND_WORDS}; up to {inMegabytes(ATTACHMENT_BYTES_MAX)} each,{' '}
              {ATTACHMENTS_MAX} files. The customer gets them with{' '}
              {owner === 'invoices' ? 'the document' : 'every invoice from the next one on'}.
            </span>
          </div>
        )}
      </div>
    </Section>
  );
}

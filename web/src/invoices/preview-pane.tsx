import { Button } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { describeError } from '../app/api-problem.ts';
import { fetchFile } from '../app/fetch-file.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { Notice } from '../ui/states.tsx';
import classes from './preview-pane.module.css';

/**
 * The draft as the PDF that issuing it now would give, beside the editor: the server's own file, fetched again whenever
 * another version of the draft is kept. What was shown stays until the next one is drawn.
 */
export function PreviewPane(props: { draft: { id: string; version: number } | null; isBehind: boolean }) {
  const { workspace } = useWorkspace();
  const id = props.draft?.id;
  const version = props.draft?.version;
  /** The one that is seen, and behind it the one that is being drawn. */
  const [pages, setPages] = useState<readonly string[]>([]);
  const [failure, setFailure] = useState<string | null>(null);
  const [tries, setTries] = useState(0);
  const made = useRef<string[]>([]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another version, or another try, is another file
  useEffect(() => {
    if (id === undefined) return;
    const leaving = new AbortController();
    fetchFile(workspace.id, `/v1/invoices/${id}/document.pdf`, undefined, leaving.signal)
      .then(({ blob }) => {
        if (leaving.signal.aborted) return;
        const url = URL.createObjectURL(blob);
        made.current.push(url);
        setFailure(null);
        setPages((before) => [...before.slice(0, 1), url]);
      })
      .catch((error: unknown) => {
        if (!leaving.signal.aborted) setFailure(describeError(error));
      });
    return () => leaving.abort();
  }, [id, version, tries, workspace.id]);
  useEffect(() => {
    const urls = made.current;
    return () => {
      for (const url of urls.splice(0)) URL.revokeObjectURL(url);
    };
  }, []);

  /** What stood before the drawn one goes, and its memory with it. */
  function drawn(url: string) {
    const place = made.current.indexOf(url);
    for (const old of made.current.splice(0, Math.max(0, place))) URL.revokeObjectURL(old);
    setPages((before) => before.slice(Math.max(0, before.indexOf(url))));
  }
  return (
    <section className={classes.pane} aria-label="Preview">
      {failure !== null && (
        <Notice
          tone="red"
          action={
            <Button size="xs" onClick={() => setTries(tries + 1)}>
              Try again
            </Button>
          }
        >
          The preview could not be made. {failure}
        </Notice>
      )}
      <div className={classes.sheet} data-behind={props.isBehind || undefined}>
        {pages.length === 0 && failure === null && (
          <p className={classes.words}>
            {props.draft === null
              ? 'The preview comes as soon as the draft is kept: choose the contact and write a line.'
              : 'Being drawn…'}
          </p>
        )}
        {pages.map((url, place) => (
          <iframe
            key={url}
            className={classes.page}
            data-waits={place > 0 || undefined}
            title="The draft as a PDF"
            src={`${url}#toolbar=0&navpanes=0&view=FitH`}
            onLoad={() => drawn(url)}
          />
        ))}
      </div>
    </section>
  );
}

import { useDebouncedValue } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { type MessagePreview, type MessageTemplate, messagePreview } from '../../../src/messages/api.ts';
import { describeError, fieldErrors } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';

/** Long enough for a word to be typed to its end, short enough to be called at once. */
const PAUSE_MS = 300;

interface Shown {
  /** The last words that made a message. */
  readonly preview: MessagePreview | null;
  /** What is wrong with the words now, by field; empty where they hold. */
  readonly fields: Readonly<Record<string, string>>;
  readonly failure: string | null;
}

/** A message of a kind in these words, filled with examples by the server itself; asked anew while somebody writes. */
export function usePreview({
  kind,
  language,
  subject,
  body,
}: Pick<MessageTemplate, 'kind' | 'language' | 'subject' | 'body'>): Shown {
  const { api } = useWorkspace();
  const [subjectNow] = useDebouncedValue(subject, PAUSE_MS);
  const [bodyNow] = useDebouncedValue(body, PAUSE_MS);
  const [shown, setShown] = useState<Shown>({ preview: null, fields: {}, failure: null });
  useEffect(() => {
    const over = new AbortController();
    const request = { kind, language, subject: subjectNow, body: bodyNow };
    api.post('/v1/message-templates/previews', request, messagePreview, { signal: over.signal }).then(
      (preview) => setShown({ preview, fields: {}, failure: null }),
      (error: unknown) => {
        if (over.signal.aborted) return;
        const fields = fieldErrors(error);
        const failure = Object.keys(fields).length > 0 ? null : describeError(error);
        setShown((before) => ({ ...before, fields, failure }));
      },
    );
    return () => over.abort();
  }, [api, kind, language, subjectNow, bodyNow]);
  return shown;
}

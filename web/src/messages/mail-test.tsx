import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type MailSettings, type Message, message as messageSchema } from '../../../src/messages/api.ts';
import { useCatalogueDeed } from '../invoices/use-catalogue-deeds.ts';
import { DateText } from '../ui/date-text.tsx';
import { Section } from '../ui/page-header.tsx';
import { Notice } from '../ui/states.tsx';
import settings from '../workspace/settings.module.css';

/** Sends a test mail, waits for what the mail server says, and says that and no more. */
export function MailTest({ mail, ownAddress }: { mail: MailSettings; ownAddress: string }) {
  const deed = useCatalogueDeed();
  const [to, setTo] = useState(ownAddress);
  const [result, setResult] = useState<Message | null>(null);

  async function send(event: FormEvent) {
    event.preventDefault();
    setResult(null);
    await deed.save(async () => {
      setResult(await deed.api.post('/v1/mail-settings/tests', { to: to.trim() }, messageSchema));
    });
  }
  return (
    <Section
      title="Test mail"
      note={
        mail.now.through === 'nothing'
          ? 'Until there is a mail server, a test mail lands in the outbox, like every other message.'
          : 'Goes out at once, from a sandbox too, with the settings that are saved.'
      }
    >
      <form className={settings.form} onSubmit={(event) => void send(event)} noValidate>
        <TextInput
          label="To"
          type="email"
          value={to}
          error={deed.errorOf('to')}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
        {deed.problem?.words && <Notice tone="red">{deed.problem.words}</Notice>}
        <div className={settings.buttons}>
          <Button type="submit" loading={deed.isRunning}>
            Send a test mail
          </Button>
        </div>
        <div aria-live="polite">{result && <TestResult message={result} />}</div>
      </form>
    </Section>
  );
}

function TestResult({ message }: { message: Message }) {
  const { to, reason } = message;
  switch (message.state) {
    case 'sent':
      return (
        <Notice tone="green" title="The mail server has taken it">
          {reason === '' ? '' : `It said: ${reason}. `}Whether it arrives, the mailbox of {to} tells. Look into its spam
          folder too.
        </Notice>
      );
    case 'kept':
      return (
        <Notice tone="amber" title="It was not sent">
          {reason} It stands in the outbox.
        </Notice>
      );
    case 'queued':
      return (
        <Notice tone="red" title="It was not sent yet">
          {reason}{' '}
          {message.next_attempt_at && (
            <>
              It is tried again on its own, next <DateText at={message.next_attempt_at} />.
            </>
          )}{' '}
          Correct the settings if they are wrong, and send another test.
        </Notice>
      );
    case 'failed':
      return (
        <Notice tone="red" title="It was not sent">
          {reason}
        </Notice>
      );
    case 'sending':
      return (
        <Notice tone="amber" title="It is still being sent">
          The mail server is slow. The outbox shows how it ends.
        </Notice>
      );
    case 'unsure':
    case 'bounced':
      return (
        <Notice tone="amber" title="Nobody knows whether it arrived">
          {reason} Look into the mailbox of {to}.
        </Notice>
      );
  }
}

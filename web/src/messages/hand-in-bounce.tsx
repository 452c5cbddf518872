import { Button, FileButton } from '@mantine/core';
import { bounceAnswer } from '../../../src/messages/api.ts';
import { useCatalogueDeed } from '../invoices/use-catalogue-deeds.ts';
import { toastDone, toastFailed } from '../ui/toast.tsx';

/** What each answer means to the person who handed a mail in. */
const ANSWERS = {
  bounced: (): void => toastDone('The message it is about came back; its state says so now'),
  delivered: (): void => toastDone('The message it is about arrived; its state says so now'),
  not_final: (): void => toastDone('It tells of a delay: the mail servers still try. Nothing was changed.'),
  not_a_report: (): void =>
    toastFailed('This is no report of a mail server. Hand in the whole returned mail, saved as an .eml file.'),
  unknown_message: (): void => toastFailed('It is about no message of this outbox.'),
};

/** Takes in a mail that came back to somebody's mailbox, so that the message it is about says so. */
export function HandInBounce() {
  const deed = useCatalogueDeed();
  async function take(file: File | null) {
    if (!file) return;
    const mail = new Blob([file], { type: 'message/rfc822' });
    await deed.run(async () => ANSWERS[(await deed.api.post('/v1/messages/bounces', mail, bounceAnswer)).outcome]());
  }
  return (
    <FileButton accept=".eml,message/rfc822" onChange={(file) => void take(file)}>
      {(button) => (
        <Button {...button} size="xs" loading={deed.isRunning}>
          Hand in a returned mail
        </Button>
      )}
    </FileButton>
  );
}

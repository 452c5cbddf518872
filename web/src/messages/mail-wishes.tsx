import { Button, Checkbox, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type MailSettings, mailSettings } from '../../../src/messages/api.ts';
import { useCatalogueDeed } from '../invoices/use-catalogue-deeds.ts';
import { Section } from '../ui/page-header.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import classes from '../workspace/settings.module.css';

/** What goes out by itself, and to whom. Key it by the version of the settings. */
export function MailWishes(props: { mail: MailSettings; etag: string | null; mayWrite: boolean; isSandbox: boolean }) {
  const { mail, mayWrite } = props;
  const deed = useCatalogueDeed();
  const [receipts, setReceipts] = useState(mail.receipts);
  const [notices, setNotices] = useState(mail.declined_notices);
  const [failures, setFailures] = useState(mail.failed_charge_notices);
  const [staff, setStaff] = useState(mail.staff_address ?? '');
  const [sandboxSends, setSandboxSends] = useState(mail.sandbox_sends);

  async function save(event: FormEvent) {
    event.preventDefault();
    const body = {
      receipts,
      declined_notices: notices,
      failed_charge_notices: failures,
      staff_address: staff.trim() || null,
      ...(props.isSandbox ? { sandbox_sends: sandboxSends } : {}),
    };
    const ifMatch = props.etag === null ? {} : { ifMatch: props.etag };
    if (await deed.save(() => deed.api.patch('/v1/mail-settings', body, mailSettings, ifMatch))) toastDone('Saved');
  }
  return (
    <Section
      title="What goes out by itself"
      note="Invoices go out when somebody sends them, and those of a schedule where it says so."
    >
      <form className={classes.form} onSubmit={(event) => void save(event)} noValidate>
        <Checkbox
          label="Receipts"
          description="To customers with an e-mail address, as PDF, when a payment has come in."
          disabled={!mayWrite}
          checked={receipts}
          onChange={(event) => setReceipts(event.currentTarget.checked)}
        />
        <Checkbox
          label="Charges by themselves that failed"
          description="To the customer, once for each series of tries, with why and the link to pay. Their bank's question comes by it too."
          disabled={!mayWrite}
          checked={failures}
          onChange={(event) => setFailures(event.currentTarget.checked)}
        />
        <Checkbox
          label="Notices of declined charges"
          description="Every one, to your own address below."
          disabled={!mayWrite}
          checked={notices}
          onChange={(event) => setNotices(event.currentTarget.checked)}
        />
        <TextInput
          label="Notices go to"
          type="email"
          disabled={!mayWrite}
          value={staff}
          error={deed.errorOf('staff_address')}
          onChange={(event) => setStaff(event.currentTarget.value)}
        />
        {props.isSandbox && (
          <Checkbox
            label="This sandbox sends"
            description="Otherwise its mail is kept, so that no customer gets anything from a trial. Marked as a test either way."
            disabled={!mayWrite}
            checked={sandboxSends}
            onChange={(event) => setSandboxSends(event.currentTarget.checked)}
          />
        )}
        {deed.problem?.words && <Notice tone="red">{deed.problem.words}</Notice>}
        {mayWrite && (
          <div className={classes.buttons}>
            <Button type="submit" loading={deed.isRunning}>
              Save what goes out
            </Button>
          </div>
        )}
      </form>
    </Section>
  );
}

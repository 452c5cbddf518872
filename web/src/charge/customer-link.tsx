import { Button } from '@mantine/core';
import { IconCheck, IconCopy, IconMail } from '@tabler/icons-react';
import { useState } from 'react';
import type { Payment } from '../../../src/payments/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useContactOverview } from '../contacts/contact-queries.ts';
import { copyToClipboard } from '../ui/copy-text.tsx';
import { useMoneyFormat } from '../ui/money-text.tsx';
import classes from './charge.module.css';

/** The link where the customer confirms a payment, to copy or to send. */
export function CustomerLink({ payment, link }: { payment: Payment; link: string }) {
  const { workspace } = useWorkspace();
  const format = useMoneyFormat();
  const overview = useContactOverview(payment.contact.id);
  // The sandbox's page is on this server and named by its path.
  const address = new URL(link, window.location.href).href;
  const body =
    `Your bank asks you to confirm the payment of ${format(payment.amount_minor, payment.currency)} to ` +
    `${workspace.name}. Please open this link:\n\n${address}\n`;
  return (
    <>
      <p className={classes.message}>{address}</p>
      <div className={classes.buttons}>
        <CopyButton text={address}>Copy link</CopyButton>
        <Button
          component="a"
          href={mailAddress(
            overview.data?.contact.email ?? '',
            `Please confirm your payment to ${workspace.name}`,
            body,
          )}
          leftSection={<IconMail size={16} stroke={1.6} aria-hidden />}
        >
          Write e-mail
        </Button>
      </div>
    </>
  );
}

/** Copies, and says so on the button itself. */
export function CopyButton(props: { text: string; children: string; size?: 'xs' | 'sm' }) {
  const [isCopied, setCopied] = useState(false);
  return (
    <Button
      size={props.size ?? 'sm'}
      leftSection={
        isCopied ? <IconCheck size={16} stroke={1.8} aria-hidden /> : <IconCopy size={16} stroke={1.6} aria-hidden />
      }
      onClick={() => void copyToClipboard(props.text).then(() => setCopied(true))}
    >
      {isCopied ? 'Copied' : props.children}
    </Button>
  );
}

/** Opens the person's own mail program with everything filled in. */
export function mailAddress(to: string, subject: string, body: string): string {
  return `mailto:${encodeURIComponent(to)}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(body)}`;
}

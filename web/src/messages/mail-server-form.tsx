import { Button, NumberInput, PasswordInput, Select, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type MailSettings, mailSettings } from '../../../src/messages/api.ts';
import type { SmtpSecurity } from '../../../src/messages/smtp-server.ts';
import { describeError } from '../app/api-problem.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { useCatalogueDeed } from '../invoices/use-catalogue-deeds.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Section } from '../ui/page-header.tsx';
import { Notice } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import classes from '../workspace/settings.module.css';
import { MailProviders } from './mail-providers.tsx';

const SECURITIES: { value: SmtpSecurity; label: string; port: number }[] = [
  { value: 'starttls', label: 'STARTTLS (587)', port: 587 },
  { value: 'tls', label: 'TLS (465)', port: 465 },
  { value: 'none', label: 'None', port: 25 },
];
const USUAL_PORTS = new Set(SECURITIES.map(({ port }) => port));

const ADDRESSES = [
  ['from_name', 'Sender’s name', 'Empty: the name of the business.'],
  ['from_address', 'Sender’s address', 'The provider must let you send from it.'],
  ['reply_to', 'Answers go to', 'Empty: to the sender’s address.'],
  [
    'bounce_address',
    'Undeliverable mail goes to',
    'An address that keeps a part after +. Empty: the sender’s address.',
  ],
] as const;
type AddressField = (typeof ADDRESSES)[number][0];

/** Through which server mail goes, and under which address. Key it by the version of the settings. */
export function MailServerForm(props: { mail: MailSettings; etag: string | null; mayWrite: boolean }) {
  const { mail, mayWrite } = props;
  const { server } = mail;
  const { workspace } = useWorkspace();
  const queryClient = useQueryClient();
  const deed = useCatalogueDeed();
  const [host, setHost] = useState(server?.host ?? '');
  const [security, setSecurity] = useState<SmtpSecurity>(server?.security ?? 'starttls');
  const [port, setPort] = useState<number | string>(server?.port ?? 587);
  const [user, setUser] = useState(server?.user ?? '');
  const [password, setPassword] = useState('');
  const [addresses, setAddresses] = useState<Record<AddressField, string>>({
    from_name: mail.from_name,
    from_address: mail.from_address ?? '',
    reply_to: mail.reply_to ?? '',
    bounce_address: mail.bounce_address ?? '',
  });
  const [isRemoving, setRemoving] = useState(false);
  const ifMatch = props.etag === null ? {} : { ifMatch: props.etag };

  const choose = (value: string | null) => {
    const next = SECURITIES.find((one) => one.value === value);
    if (!next) return;
    setSecurity(next.value);
    // A port that somebody typed stays.
    if (USUAL_PORTS.has(Number(port))) setPort(next.port);
  };

  async function save(event: FormEvent) {
    event.preventDefault();
    const { from_name, ...others } = addresses;
    const body = {
      server:
        host.trim() === ''
          ? null
          : {
              host: host.trim(),
              port: Number(port),
              security,
              user: user.trim() === '' ? null : user.trim(),
              ...(password === '' ? {} : { password }),
            },
      from_name,
      ...Object.fromEntries(Object.entries(others).map(([name, value]) => [name, value.trim() || null])),
    };
    if (await deed.save(() => deed.api.patch('/v1/mail-settings', body, mailSettings, ifMatch))) {
      toastDone('Mail goes out like this from now on. Send a test mail to see it arrive.');
    }
  }

  return (
    <Section
      title="Mail server"
      note="SMTP, as every mail provider offers it. The password is kept sealed, is never shown again, and goes to this server and user only."
    >
      <form className={classes.form} onSubmit={(event) => void save(event)} noValidate autoComplete="off">
        <TextInput
          label="Host"
          placeholder="smtp.example.com"
          disabled={!mayWrite}
          value={host}
          error={deed.errorOf('server.host')}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setHost(event.currentTarget.value)}
        />
        <div className={classes.pair}>
          <Select
            label="Security"
            data={SECURITIES}
            allowDeselect={false}
            disabled={!mayWrite}
            value={security}
            error={deed.errorOf('server.security')}
            onChange={choose}
          />
          <NumberInput
            label="Port"
            min={1}
            max={65_535}
            allowDecimal={false}
            allowNegative={false}
            hideControls
            disabled={!mayWrite}
            value={port}
            error={deed.errorOf('server.port')}
            onChange={setPort}
          />
        </div>
        <div className={classes.pair}>
          <TextInput
            label="User"
            disabled={!mayWrite}
            value={user}
            error={deed.errorOf('server.user')}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setUser(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            placeholder={server?.has_password ? 'Set. Left empty, it stays.' : ''}
            disabled={!mayWrite}
            value={password}
            error={deed.errorOf('server.password')}
            autoComplete="new-password"
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
        </div>
        <MailProviders />
        {ADDRESSES.map(([name, label, description]) => (
          <TextInput
            key={name}
            label={label}
            description={description}
            type={name === 'from_name' ? 'text' : 'email'}
            disabled={!mayWrite}
            value={addresses[name]}
            error={deed.errorOf(name)}
            onChange={(event) => setAddresses({ ...addresses, [name]: event.currentTarget.value })}
          />
        ))}
        {deed.problem?.words && <Notice tone="red">{deed.problem.words}</Notice>}
        {mayWrite ? (
          <div className={classes.buttons}>
            <Button type="submit" variant="filled" loading={deed.isRunning}>
              Save
            </Button>
            {server !== null && <Button onClick={() => setRemoving(true)}>Use no mail server of my own</Button>}
          </div>
        ) : (
          <p className={classes.quiet}>An owner or admin can change these.</p>
        )}
      </form>
      <ConfirmDialog
        isOpen={isRemoving}
        onClose={() => setRemoving(false)}
        title={`No longer send through ${server?.host ?? ''}?`}
        confirm="Forget the server"
        isDestructive
        describe={describeError}
        onConfirm={async () => {
          await deed.api.patch('/v1/mail-settings', { server: null }, mailSettings, ifMatch);
          toastDone('Your mail server and its password are forgotten');
          await queryClient.invalidateQueries({ queryKey: [workspace.id] });
        }}
      >
        Its password is forgotten. Mail goes out through this server’s own mail server if it has one, and is kept in the
        outbox if not.
      </ConfirmDialog>
    </Section>
  );
}

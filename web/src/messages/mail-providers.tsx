import classes from './messages.module.css';

/** What providers ask for, as their own pages tell it; a hint, and nothing that the program depends on. */
const PROVIDERS: readonly { name: string; server: string; hint: string }[] = [
  {
    name: 'Google (Gmail, Workspace)',
    server: 'smtp.gmail.com, 587, STARTTLS',
    hint: 'User is the whole address; the password is an app password, not the one of the account.',
  },
  {
    name: 'Microsoft 365',
    server: 'smtp.office365.com, 587, STARTTLS',
    hint: 'SMTP sign-in must be allowed for the mailbox by its administrator.',
  },
  {
    name: 'iCloud',
    server: 'smtp.mail.me.com, 587, STARTTLS',
    hint: 'With an app-specific password.',
  },
  { name: 'Fastmail', server: 'smtp.fastmail.com, 465, TLS', hint: 'With an app password.' },
  {
    name: 'Amazon SES',
    server: 'email-smtp.{region}.amazonaws.com, 587, STARTTLS',
    hint: 'User and password are SMTP credentials made in SES, not access keys.',
  },
  {
    name: 'SendGrid',
    server: 'smtp.sendgrid.net, 587, STARTTLS',
    hint: 'User is the word apikey, the password an API key.',
  },
  { name: 'Postmark', server: 'smtp.postmarkapp.com, 587, STARTTLS', hint: 'User and password are the server token.' },
  { name: 'Mailgun', server: 'smtp.mailgun.org, 587, STARTTLS', hint: 'In Europe: smtp.eu.mailgun.org.' },
  {
    name: 'Your own or your host’s',
    server: 'mail.your-domain, 465 TLS or 587 STARTTLS',
    hint: 'On port 25 most servers take mail for their own domains only.',
  },
];

/** What to enter for the providers that most have. */
export function MailProviders() {
  return (
    <details className={classes.providers}>
      <summary>What to enter for common providers</summary>
      <dl>
        {PROVIDERS.map(({ name, server, hint }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {server}. {hint}
            </dd>
          </div>
        ))}
      </dl>
      <p>
        The address that you send from must be one that the provider lets you send from. For mail from your own domain
        to arrive, the domain needs the SPF and DKIM records that the provider names.
      </p>
    </details>
  );
}

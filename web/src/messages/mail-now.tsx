import type { MailSettings } from '../../../src/messages/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { Section } from '../ui/page-header.tsx';
import { StatusDot } from '../ui/status-dot.tsx';
import settings from '../workspace/settings.module.css';
import { mailAdvice } from './mail-advice.ts';
import { STATES } from './message-words.ts';
import classes from './messages.module.css';

/** States that somebody may want to look at, in the order of their urgency. */
const LOOKED_AT = ['failed', 'unsure', 'bounced', 'kept', 'queued'] as const;

/** What would happen to a message now, what is missing, and what waits. */
export function MailNow({ mail }: { mail: MailSettings }) {
  const { workspace } = useWorkspace();
  const advice = mailAdvice(mail);
  const waiting = LOOKED_AT.filter((state) => (mail.waiting[state] ?? 0) > 0);
  const outbox = (search: object) => ({
    to: '/w/$workspaceId/settings/mail/outbox',
    params: { workspaceId: workspace.id },
    search,
  });
  return (
    <Section title="What happens to mail now">
      <div className={classes.stack}>
        <div>
          <StatusDot tone={mail.now.sends ? 'quiet' : 'amber'}>
            {mail.now.sends ? 'Goes out' : 'Is kept in the outbox'}
          </StatusDot>
          <p className={settings.switchText}>
            {mail.now.why} From: {mail.now.from}.
          </p>
        </div>
        {!mail.now.sends && (
          <p className={settings.switchText}>
            Nothing is lost meanwhile: every message stands in the{' '}
            <AddressLink className={settings.link} address={outbox({})}>
              outbox
            </AddressLink>{' '}
            with its attachments. Open one there and download it as an .eml file, which mail programs open; or send it
            again once mail goes out.
          </p>
        )}
        {advice.length > 0 && (
          <ul className={classes.advice} aria-label="What is missing">
            {advice.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        )}
        {waiting.length > 0 && (
          <div className={classes.counts}>
            {waiting.map((state) => (
              <AddressLink key={state} className={classes.count} address={outbox({ state })}>
                <StatusDot tone={STATES[state].tone}>
                  {STATES[state].words}: {mail.waiting[state]}
                </StatusDot>
              </AddressLink>
            ))}
          </div>
        )}
      </div>
    </Section>
  );
}

import { getRouteApi } from '@tanstack/react-router';
import { useWorkspace } from '../app/workspace-context.ts';
import { useInvoicing } from '../invoices/draft-facts.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { Section } from '../ui/page-header.tsx';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useMay } from '../workspace/workspace-facts.ts';
import { useMessageTemplates } from './mail-queries.ts';
import { MailTabs } from './mail-tabs.tsx';
import classes from './messages.module.css';
import { TemplateEditor } from './template-editor.tsx';
import { type TemplateInForce, templatesInForce } from './template-words.ts';

const route = getRouteApi('/w/$workspaceId/settings/mail/templates');

/** Settings → Mail → Words: what each kind of message says. */
export function TemplatesPage() {
  const templates = useMessageTemplates();
  const invoicing = useInvoicing();
  return (
    <>
      <MailTabs />
      <SettingsQuery query={templates} what="The words of messages">
        {({ data }) =>
          // Where invoices are switched off, the words of all other messages can still be changed.
          invoicing.isError ? (
            <Kinds templates={templatesInForce(data, null)} />
          ) : (
            <SettingsQuery query={invoicing} what="The settings of invoices">
              {(settings) => <Kinds templates={templatesInForce(data, settings)} />}
            </SettingsQuery>
          )
        }
      </SettingsQuery>
    </>
  );
}

function Kinds({ templates }: { templates: readonly TemplateInForce[] }) {
  const { workspace } = useWorkspace();
  const mayWrite = useMay()('settings.write');
  const { kind } = route.useSearch();
  const open = templates.find((one) => one.kind === kind) ?? templates[0]!;
  return (
    <>
      <Section
        title="Kinds of messages"
        note="Each has words of the program’s own until you write others. Colour, logo and legal footer are those of Settings → Invoices."
      >
        <nav className={classes.kinds} aria-label="Kinds of messages">
          {templates.map((one) => (
            <AddressLink
              key={one.kind}
              className={classes.kind}
              replace
              aria-current={one === open ? 'page' : undefined}
              address={{
                to: '/w/$workspaceId/settings/mail/templates',
                params: { workspaceId: workspace.id },
                search: { kind: one.kind },
              }}
            >
              <span>{one.label}</span>
              <span className={classes.kindState}>{one.isChanged ? 'Your words' : 'As supplied'}</span>
            </AddressLink>
          ))}
        </nav>
      </Section>
      <TemplateEditor key={`${open.kind} ${open.subject} ${open.body}`} template={open} mayWrite={mayWrite} />
    </>
  );
}

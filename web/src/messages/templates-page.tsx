import { getRouteApi } from '@tanstack/react-router';
import type { MessageTemplate } from '../../../src/messages/api.ts';
import { messageLanguage } from '../../../src/messages/languages.ts';
import { useWorkspace } from '../app/workspace-context.ts';
import { languageName } from '../contacts/choices.ts';
import { AddressLink } from '../ui/address-link.tsx';
import { Section } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { SettingsQuery } from '../workspace/settings-query.tsx';
import { useMay, useWorkspaceFacts } from '../workspace/workspace-facts.ts';
import { useMessageTemplates } from './mail-queries.ts';
import { MailTabs } from './mail-tabs.tsx';
import classes from './messages.module.css';
import { TemplateEditor } from './template-editor.tsx';

const route = getRouteApi('/w/$workspaceId/settings/mail/templates');

/** Settings → Mail → Words: what each kind of message says, in each language. */
export function TemplatesPage() {
  const templates = useMessageTemplates();
  return (
    <>
      <MailTabs />
      <SettingsQuery query={templates} what="The words of messages">
        {({ data }) => <Kinds templates={data} />}
      </SettingsQuery>
    </>
  );
}

function Kinds({ templates }: { templates: readonly MessageTemplate[] }) {
  const { workspace } = useWorkspace();
  const facts = useWorkspaceFacts();
  const mayWrite = useMay()('settings.write');
  const { kind, language } = route.useSearch();
  const asked = templates.find((one) => one.kind === kind)?.kind ?? templates[0]!.kind;
  const ofKind = templates.filter((one) => one.kind === asked);
  // Unless another was chosen, the language that most customers of the business have.
  const usual = messageLanguage(facts?.locale ?? 'en');
  const open =
    ofKind.find((one) => one.language === language) ?? ofKind.find((one) => one.language === usual) ?? ofKind[0]!;
  const kinds = [...new Map(templates.map((one) => [one.kind, one])).values()];
  return (
    <>
      <Section
        title="Kinds of messages"
        note="Each has words of the program’s own until you write others. A customer gets those of their language. Colour, logo and legal footer are those of Settings → Invoices."
      >
        <nav className={classes.kinds} aria-label="Kinds of messages">
          {kinds.map((one) => (
            <AddressLink
              key={one.kind}
              className={classes.kind}
              replace
              aria-current={one.kind === asked ? 'page' : undefined}
              address={{
                to: '/w/$workspaceId/settings/mail/templates',
                params: { workspaceId: workspace.id },
                search: { kind: one.kind, ...(language === undefined ? {} : { language }) },
              }}
            >
              <span>{one.label}</span>
              <KindState templates={templates.filter((other) => other.kind === one.kind)} />
            </AddressLink>
          ))}
        </nav>
      </Section>
      <TemplateEditor
        key={`${open.kind} ${open.language} ${open.subject} ${open.body}`}
        template={open}
        languages={ofKind}
        usual={usual}
        mayWrite={mayWrite}
      />
    </>
  );
}

/** “Your words”, and in which languages where not in all. */
function KindState({ templates }: { templates: readonly MessageTemplate[] }) {
  const { locale } = useReader();
  const changed = templates.filter((one) => one.is_changed);
  const names = changed.map(({ language }) => languageName(language, locale));
  const which = templates.length > 1 && changed.length > 0 ? `: ${names.join(', ')}` : '';
  return <span className={classes.kindState}>{changed.length > 0 ? `Your words${which}` : 'As supplied'}</span>;
}

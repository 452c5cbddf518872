import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import type { MessageTemplate } from '../../../src/messages/api.ts';
import { describeError } from '../app/api-problem.ts';
import { languageName } from '../contacts/choices.ts';
import { useCatalogueDeed } from '../invoices/use-catalogue-deeds.ts';
import { ConfirmDialog } from '../ui/confirm-dialog.tsx';
import { Section } from '../ui/page-header.tsx';
import { useReader } from '../ui/reader.tsx';
import { Notice, SkeletonLines } from '../ui/states.tsx';
import { toastDone } from '../ui/toast.tsx';
import settings from '../workspace/settings.module.css';
import { MailFrame } from './mail-frame.tsx';
import classes from './messages.module.css';
import { usePreview } from './use-preview.ts';

const route = getRouteApi('/w/$workspaceId/settings/mail/templates');

interface TemplateEditorProps {
  readonly template: MessageTemplate;
  /** The same kind in every language that it has. */
  readonly languages: readonly MessageTemplate[];
  /** The language of the business. */
  readonly usual: string;
  readonly mayWrite: boolean;
}

/** The words of one kind of message in a language, what it may use, and how it reads with examples. Key it by all of that. */
export function TemplateEditor({ template, languages, usual, mayWrite }: TemplateEditorProps) {
  const { kind, label, language, variables } = template;
  const navigate = route.useNavigate();
  const { locale } = useReader();
  const deed = useCatalogueDeed();
  const [subject, setSubject] = useState(template.subject);
  const [body, setBody] = useState(template.body);
  const [isResetting, setResetting] = useState(false);
  const { preview, fields, failure } = usePreview({ kind, language, subject, body });
  const isTouched = subject !== template.subject || body !== template.body;
  const isBroken = Object.keys(fields).length > 0;

  /** Empty words bring the program's own back. */
  const keep = (words: { subject: string; body: string }) =>
    deed.api.put(`/v1/message-templates/${kind}/${language}`, words);

  async function save(event: FormEvent) {
    event.preventDefault();
    if (await deed.save(() => keep({ subject, body }))) toastDone(`“${label}” says this from now on`);
  }

  return (
    <Section
      title={label}
      note="Liquid: {{ name }} puts a value in, {% if name %}…{% endif %} asks whether there is one."
    >
      <form className={settings.form} style={{ maxWidth: 640 }} onSubmit={(event) => void save(event)} noValidate>
        {languages.length > 1 && (
          <Select
            label="Language"
            description={alsoFor(language, usual)}
            allowDeselect={false}
            data={languages.map((one) => ({
              value: one.language,
              label: `${languageName(one.language, locale)}${one.is_changed ? ' · your words' : ''}`,
            }))}
            value={language}
            onChange={(chosen) => {
              if (chosen) void navigate({ search: { kind, language: chosen }, replace: true });
            }}
          />
        )}
        <TextInput
          label="Subject"
          className={classes.mono ?? ''}
          disabled={!mayWrite}
          value={subject}
          error={fields.subject ?? deed.errorOf('subject')}
          onChange={(event) => setSubject(event.currentTarget.value)}
        />
        <Textarea
          label="Text"
          description="An empty line begins a new paragraph. The button with the link, and the footer, come below by themselves."
          className={classes.mono ?? ''}
          autosize
          minRows={6}
          maxRows={20}
          disabled={!mayWrite}
          value={body}
          error={errorOfText(fields) ?? errorOfText(deed.problem?.fields)}
          onChange={(event) => setBody(event.currentTarget.value)}
        />
        <details className={classes.providers}>
          <summary>Values that it can use</summary>
          <dl className={classes.variables}>
            {variables.map(({ name, about }) => [
              <dt key={`${name} name`}>{`{{ ${name} }}`}</dt>,
              <dd key={`${name} about`}>{about}</dd>,
            ])}
          </dl>
        </details>
        {deed.problem?.words && <Notice tone="red">{deed.problem.words}</Notice>}
        {mayWrite && (
          <div className={settings.buttons}>
            <Button type="submit" variant="filled" loading={deed.isRunning} disabled={!isTouched || isBroken}>
              Save words
            </Button>
            {template.is_changed && <Button onClick={() => setResetting(true)}>Back to the supplied words</Button>}
          </div>
        )}
      </form>
      <div className={classes.preview}>
        <h3 className={classes.previewTitle}>Preview with examples</h3>
        {isBroken && <p className={settings.quiet}>It shows the last words that held.</p>}
        {failure && <Notice tone="red">{failure}</Notice>}
        {preview ? (
          <>
            <p className={classes.previewSubject}>{preview.subject}</p>
            <MailFrame html={preview.html} title={`Preview: ${label}`} />
          </>
        ) : (
          !failure && <SkeletonLines lines={6} />
        )}
      </div>
      <ConfirmDialog
        isOpen={isResetting}
        onClose={() => setResetting(false)}
        title={`Take your words of “${label}” away?`}
        confirm="Use the supplied words"
        isDestructive
        describe={describeError}
        onConfirm={async () => {
          if (await deed.run(() => keep({ subject: '', body: '' }))) toastDone('The supplied words are back');
        }}
      >
        What you wrote is not kept. Messages that were written with it stay as they are.
      </ConfirmDialog>
    </Section>
  );
}

/** The field is called as the body of a request is, which is left off the paths of refusals. */
function errorOfText(fields: Readonly<Record<string, string>> | undefined): string | undefined {
  return fields?.body ?? fields?.[''];
}

/** Who else gets the words of a language besides the customers who have it. */
function alsoFor(language: string, usual: string): string {
  const others = [
    ...(language === usual ? ['who have no language of their own'] : []),
    ...(language === 'en' ? ['whose language is not in this list'] : []),
  ];
  return others.length === 0 ? 'For customers who have this language.' : `Also for customers ${others.join(', or ')}.`;
}

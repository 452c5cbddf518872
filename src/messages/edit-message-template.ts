import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { MessagePreview, MessageTemplate } from './api.ts';
import { MESSAGE_LANGUAGES, type MessageLanguage, messageLanguage } from './languages.ts';
import {
  examplesOf,
  isForCustomers,
  MESSAGE_KIND_NAMES,
  MESSAGE_KINDS,
  type MessageKindName,
  suppliedWords,
} from './message-kinds.ts';
import { layOut, type MailLook } from './message-layout.ts';
import { checkWords, fillWords, type MessageWords } from './message-template.ts';
import type { SuppliedWords } from './message-translations.ts';
import { deleteTemplateRow, readTemplateRow, readTemplateRows, writeTemplateRow } from './store-settings.ts';

/** A test says always the same. */
const NOT_TO_CHANGE: ReadonlySet<MessageKindName> = new Set(['test']);

/** The words of a kind as they are in force for a locale, with those on its button. */
export async function readMessageWords(tx: WorkspaceTx, kind: MessageKindName, locale: string): Promise<SuppliedWords> {
  const language = languageOf(kind, messageLanguage(locale));
  const row = await readTemplateRow(tx, { kind, language });
  const supplied = suppliedWords(kind, language);
  return row ? { subject: row.subject, body: row.body, button: supplied.button } : supplied;
}

/** Every kind in every language that it has, with its words and variables. */
export async function listMessageTemplates(tx: WorkspaceTx): Promise<MessageTemplate[]> {
  const rows = new Map((await readTemplateRows(tx)).map((row) => [`${row.kind} ${row.language}`, row]));
  return MESSAGE_KIND_NAMES.filter((kind) => !NOT_TO_CHANGE.has(kind)).flatMap((kind) =>
    languagesOf(kind).map((language) => {
      const { label, variables } = MESSAGE_KINDS[kind];
      const row = rows.get(`${kind} ${language}`);
      const { subject, body } = row ?? suppliedWords(kind, language);
      const examples = examplesOf(kind, language);
      return {
        kind,
        label,
        audience: isForCustomers(kind) ? ('customer' as const) : ('staff' as const),
        language,
        subject,
        body,
        is_changed: row !== undefined,
        variables: Object.entries(variables).map(([name, { about }]) => ({ name, about, example: examples[name]! })),
      };
    }),
  );
}

/** Keeps the words of a kind in a language; empty ones bring the program's own back. Throws invalid_request when they are no template. */
export async function editMessageTemplate(
  tx: WorkspaceTx,
  caller: Caller,
  { kind, language }: { readonly kind: MessageKindName; readonly language: MessageLanguage },
  words: MessageWords,
): Promise<void> {
  if (NOT_TO_CHANGE.has(kind)) {
    throw new Failure('invalid_request', 'The words of this kind cannot be changed.', {
      fields: [{ path: 'kind', message: 'A test always says the same.' }],
    });
  }
  if (languageOf(kind, language) !== language) {
    throw new Failure('invalid_request', 'Messages to staff have words in one language.', {
      fields: [{ path: 'language', message: 'This kind has the language en only.' }],
    });
  }
  const empty = words.subject.trim() === '' && words.body.trim() === '';
  if (!empty) checkWords(kind, words, language);
  await (empty ? deleteTemplateRow(tx, { kind, language }) : writeTemplateRow(tx, { kind, language, ...words }));
  await recordAudit(tx, caller, {
    action: empty ? 'message_template.reset' : 'message_template.edited',
    subjectKind: null,
    subjectId: null,
    details: { kind, language },
  });
}

const languagesOf = (kind: MessageKindName): readonly MessageLanguage[] =>
  isForCustomers(kind) ? MESSAGE_LANGUAGES : ['en'];
const languageOf = (kind: MessageKindName, asked: MessageLanguage): MessageLanguage =>
  isForCustomers(kind) ? asked : 'en';

/** A message of a kind, filled with examples as a customer of this language reads them. Throws invalid_request when the words are no template. */
export function previewMessage(
  caller: Caller,
  { kind, language, words }: { kind: MessageKindName; language: MessageLanguage; words: MessageWords },
  look: MailLook,
): MessagePreview {
  checkWords(kind, words, language);
  const { workspace } = caller;
  const locale = messageLanguage(workspace.locale) === language ? workspace.locale : language;
  const values = { ...examplesOf(kind, locale), business: workspace.legal.name || workspace.name };
  const filled = fillWords(words, values);
  const { button } = suppliedWords(kind, language);
  const laidOut = layOut({
    body: filled.body,
    button: button === '' ? null : { label: fillWords({ subject: button, body: '' }, values).subject, url: '#' },
    business: values.business,
    logo: look.logo === null ? null : `data:${look.logo.type};base64,${look.logo.bytes.toString('base64')}`,
    colour: look.colour,
    footer: look.footer,
    locale,
    test: workspace.mode === 'sandbox',
  });
  return { subject: `${workspace.mode === 'sandbox' ? '[TEST] ' : ''}${filled.subject}`, ...laidOut };
}

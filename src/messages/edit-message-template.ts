import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import type { Caller } from '../workspace/caller.ts';
import { recordAudit } from '../workspace/write-audit.ts';
import type { MessagePreview, MessageTemplate } from './api.ts';
import { examplesOf, MESSAGE_KIND_NAMES, MESSAGE_KINDS, type MessageKindName } from './message-kinds.ts';
import { layOut, type MailLook } from './message-layout.ts';
import { checkWords, fillWords, type MessageWords } from './message-template.ts';
import { deleteTemplateRow, readTemplateRows, writeTemplateRow } from './store-settings.ts';

/** Kinds whose words somebody else keeps: those of invoices stand in the settings of invoicing. */
const KEPT_ELSEWHERE: ReadonlySet<MessageKindName> = new Set(['invoice']);
/** A test says always the same. */
const NOT_TO_CHANGE: ReadonlySet<MessageKindName> = new Set(['test']);

/** The words of a kind as they are in force. */
export async function readMessageWords(tx: WorkspaceTx, kind: MessageKindName): Promise<MessageWords> {
  const row = (await readTemplateRows(tx)).find((one) => one.kind === kind);
  return row ?? MESSAGE_KINDS[kind];
}

/** Every kind with its words and variables. */
export async function listMessageTemplates(tx: WorkspaceTx): Promise<MessageTemplate[]> {
  const rows = new Map((await readTemplateRows(tx)).map((row) => [row.kind, row]));
  return MESSAGE_KIND_NAMES.filter((kind) => !NOT_TO_CHANGE.has(kind)).map((kind) => {
    const { label, subject, body, variables } = MESSAGE_KINDS[kind];
    const row = rows.get(kind);
    return {
      kind,
      label,
      subject: row?.subject ?? subject,
      body: row?.body ?? body,
      is_changed: row !== undefined,
      kept_in: KEPT_ELSEWHERE.has(kind) ? 'invoicing' : 'messages',
      variables: Object.entries(variables).map(([name, { about, example }]) => ({ name, about, example })),
    };
  });
}

/** Keeps the words of a kind; empty ones bring the program's own back. Throws invalid_request when they are no template. */
export async function editMessageTemplate(
  tx: WorkspaceTx,
  caller: Caller,
  kind: MessageKindName,
  words: MessageWords,
): Promise<void> {
  if (KEPT_ELSEWHERE.has(kind) || NOT_TO_CHANGE.has(kind)) {
    throw new Failure('invalid_request', 'The words of this kind are not kept here.', {
      fields: [{ path: 'kind', message: 'Those of invoices are changed by PATCH /v1/invoicing.' }],
    });
  }
  const empty = words.subject.trim() === '' && words.body.trim() === '';
  if (!empty) checkWords(kind, words);
  await (empty ? deleteTemplateRow(tx, kind) : writeTemplateRow(tx, { kind, ...words }));
  await recordAudit(tx, caller, {
    action: empty ? 'message_template.reset' : 'message_template.edited',
    subjectKind: null,
    subjectId: null,
    details: { kind },
  });
}

/** A message of a kind, filled with examples. Throws invalid_request when the words are no template. */
export function previewMessage(
  caller: Caller,
  kind: MessageKindName,
  words: MessageWords,
  look: MailLook,
): MessagePreview {
  checkWords(kind, words);
  const { workspace } = caller;
  const values = { ...examplesOf(kind), business: workspace.legal.name || workspace.name };
  const filled = fillWords(words, values);
  const button = MESSAGE_KINDS[kind].button;
  const laidOut = layOut({
    body: filled.body,
    button: button === '' ? null : { label: fillWords({ subject: button, body: '' }, values).subject, url: '#' },
    business: values.business,
    logo: look.logo === null ? null : `data:${look.logo.type};base64,${look.logo.bytes.toString('base64')}`,
    colour: look.colour,
    footer: look.footer,
    locale: workspace.locale,
    test: workspace.mode === 'sandbox',
  });
  return { subject: `${workspace.mode === 'sandbox' ? '[TEST] ' : ''}${filled.subject}`, ...laidOut };
}

import { messageLanguage } from './languages.ts';
import { FRAME_WORDS } from './message-translations.ts';

/** How a message looks: the filled text in a calm frame, and the same as plain text. */
export interface LaidOut {
  readonly text: string;
  readonly html: string;
}

/** How everything looks that a business sends. */
export interface MailLook {
  /** #rrggbb; empty: ink. */
  readonly colour: string;
  /** Legal lines under everything; empty: none. */
  readonly footer: string;
  readonly logo: { readonly bytes: Buffer; readonly type: string } | null;
}

/** Names the logo within a message. */
export const LOGO_ID = 'logo@counterfoil';

export interface Letter {
  /** Filled text; blank lines part paragraphs. */
  readonly body: string;
  readonly button: { readonly label: string; readonly url: string } | null;
  readonly business: string;
  /** Address of the logo's picture; null: the name alone stands there. */
  readonly logo: string | null;
  /** #rrggbb; anything else is taken for ink. */
  readonly colour: string;
  /** Of the footer: a legal line, or why this was sent. */
  readonly footer: string;
  readonly locale: string;
  readonly test: boolean;
}

const INK = '#1f2937';
const RIGHT_TO_LEFT = /^(ar|fa|he|ur|yi)\b/i;

/** Everything that is put in was escaped: values are text, and text stays text. */
export function layOut(letter: Letter): LaidOut {
  const { body, button, business, footer } = letter;
  const colour = /^#[0-9a-f]{6}$/i.test(letter.colour) ? letter.colour : INK;
  const test = letter.test ? FRAME_WORDS[messageLanguage(letter.locale)].test : '';
  const lines = [test, body, button ? `${button.label}:\n${button.url}` : '', footer === '' ? '' : `-- \n${footer}`];
  const paragraphs = body.split(/\n{2,}/).map((text) => `<p style="margin:0 0 16px">${lineBreaks(text)}</p>`);
  const html = `<!doctype html>
<html lang="${escapeHtml(letter.locale)}" dir="${RIGHT_TO_LEFT.test(letter.locale) ? 'rtl' : 'ltr'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>${escapeHtml(business)}</title></head>
<body style="margin:0;padding:24px 16px;background:#f6f7f8;color:#1f2937;font:16px/24px system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif">
<div style="max-width:560px;margin:0 auto;background:#ffffff;border-top:4px solid ${colour};padding:32px 24px">
${letter.logo === null ? '' : `<p style="margin:0 0 16px"><img src="${escapeHtml(letter.logo)}" alt="" style="max-width:200px;max-height:56px;border:0"></p>\n`}${test === '' ? '' : `<p style="margin:0 0 16px;color:#92400e;font-size:14px">${escapeHtml(test)}</p>\n`}<p style="margin:0 0 24px;font-weight:600;color:${colour}">${escapeHtml(business)}</p>
${paragraphs.join('\n')}
${button ? buttonOf(button, colour) : ''}
</div>
${footer === '' ? '' : `<p style="max-width:560px;margin:16px auto 0;padding:0 24px;color:#6b7280;font-size:13px;line-height:20px">${lineBreaks(footer)}</p>`}
</body>
</html>
`;
  return { text: `${lines.filter((part) => part !== '').join('\n\n')}\n`, html };
}

function buttonOf({ label, url }: { label: string; url: string }, colour: string): string {
  return `<p style="margin:24px 0 8px"><a href="${escapeHtml(url)}" style="display:inline-block;background:${colour};color:${inkOn(colour)};padding:12px 20px;border-radius:6px;text-decoration:none;font-weight:600">${escapeHtml(label)}</a></p>`;
}

/** Black or white, whichever is read better on a colour (WCAG relative luminance, without the gamma of small channels). */
function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map(
    (at) => (Number.parseInt(colour.slice(at, at + 2), 16) / 255) ** 2.2,
  );
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#111827' : '#ffffff';
}

function lineBreaks(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>');
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

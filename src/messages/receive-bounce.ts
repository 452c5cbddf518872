import { type AddressObject, type HeaderValue, simpleParser } from 'mailparser';
import type { WorkspaceTx } from '../foundation/database.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, toPublicId } from '../foundation/id.ts';
import type { Caller } from '../workspace/caller.ts';
import { markBounced, markDelivered, readMessageRow } from './store.ts';

/** A delivery report (RFC 3464) as far as it matters here. */
export interface DeliveryReport {
  /** Whether it is a delivery report at all; holiday answers and the like are not. */
  readonly isReport: boolean;
  /** failed, delayed, delivered, relayed, expanded; empty where it does not say. */
  readonly action: string;
  /** What the other server said, for people. */
  readonly words: string;
  /** The uuid of our message it is about, by its Message-ID or by the address it came back to; null where it names none. */
  readonly messageId: string | null;
}

const WORDS_LENGTH_MAX = 300;
/** Reports hold the headers or the whole of what was sent; a message of ours with its files is smaller than this. */
export const REPORT_BYTES_MAX = 10_000_000;

const OUR_ID = /\b(msg_[0-9a-hjkmnp-tv-z]{26})\b/;

/** Takes a report apart. Only places that name the message are looked at, never what somebody wrote into it. */
export async function readReport(raw: Buffer): Promise<DeliveryReport> {
  const mail = await simpleParser(raw, {
    keepDeliveryStatus: true,
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
  });
  const part = (type: RegExp) => mail.attachments.find(({ contentType }) => type.test(contentType));
  const status = part(/^message\/(global-)?delivery-status$/i)?.content.toString('utf8') ?? '';
  const returned = part(/^(message\/rfc822|text\/rfc822-headers|message\/global(-headers)?)$/i)?.content;
  const returnedHeaders = (returned?.toString('latin1') ?? '').split(/\r?\n\r?\n/, 1)[0] ?? '';
  const places = [
    field(returnedHeaders, 'Message-ID'),
    field(status, 'Original-Envelope-Id'),
    textOf(mail.headers.get('x-original-to')),
    textOf(mail.headers.get('delivered-to')),
    textOf(mail.to),
    ...[mail.inReplyTo, mail.references].flat(),
  ];
  const named = places.map((place) => OUR_ID.exec(place ?? '')?.[1]).find((id) => id !== undefined);
  const diagnostic = field(status, 'Diagnostic-Code').replace(/^\w+;\s*/, '');
  const code = field(status, 'Status');
  return {
    isReport: status !== '',
    action: field(status, 'Action').toLowerCase(),
    words: (diagnostic || code || 'The mail came back.').slice(0, WORDS_LENGTH_MAX),
    messageId: named === undefined ? null : fromPublicId('message', named),
  };
}

/** A header field of a block of them, unfolded; empty when it is not there. */
function field(block: string, name: string): string {
  const lines = block.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const line = lines.find((one) => one.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  return line === undefined ? '' : line.slice(name.length + 1).trim();
}

function textOf(value: HeaderValue | AddressObject | AddressObject[] | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

export type BounceOutcome = 'bounced' | 'delivered' | 'not_final' | 'not_a_report' | 'unknown_message';

/**
 * Takes in mail that came back. Only a final failure, or that it arrived, changes anything; the same report twice changes
 * nothing more.
 * Throws malformed_request for what is no mail.
 */
export async function receiveBounce(
  tx: WorkspaceTx,
  caller: Caller,
  raw: Buffer,
): Promise<{ outcome: BounceOutcome; message_id: string | null }> {
  if (raw.length === 0) throw new Failure('malformed_request', 'Send the whole mail as it came, headers first.');
  const report = await readReport(raw);
  const message = report.messageId === null ? null : await readMessageRow(tx, report.messageId);
  const message_id = message === null ? null : toPublicId('message', message.id);
  if (!report.isReport) return { outcome: 'not_a_report', message_id };
  if (message === null) return { outcome: 'unknown_message', message_id };
  if (report.action === 'delivered') {
    await markDelivered(tx, message.id, caller.now);
    return { outcome: 'delivered', message_id };
  }
  if (report.action !== 'failed') return { outcome: 'not_final', message_id };
  await markBounced(tx, message.id, caller.now, `It came back: ${report.words}`);
  return { outcome: 'bounced', message_id };
}

import { simpleParser } from 'mailparser';
import { beforeEach, describe, expect, test } from 'vitest';
import { mailServer } from '../../tests/setup/mail-server.ts';
import { makeContact } from '../../tests/setup/money.ts';
import { type TestWorkspace, testServer } from '../../tests/setup/server.ts';
import { fromPublicId, newId, toPublicId } from '../foundation/id.ts';
import type { MailSettings, Message, MessageContent, MessagePreview, MessageTemplate } from './api.ts';
import { MESSAGE_LANGUAGES } from './languages.ts';
import { makeDocumentLink, markLinkSeen, resolveDocumentLink, revokeDocumentLinks } from './make-document-link.ts';
import { makeMessagesRoom } from './make-messages-room.ts';
import { MESSAGE_KINDS } from './message-kinds.ts';
import { type NewMessage, queueMessage } from './queue-message.ts';

const post = await mailServer();
const FROM = { name: '', address: 'mail@counterfoil.test' };
const server = await testServer({
  mail: { server: post.smtp, from: FROM, bounceAddress: 'bounces@counterfoil.test' },
});
const { database, clock, rooms } = server;
const { outbox } = rooms.messages;
let workspace: TestWorkspace;

beforeEach(async () => {
  workspace = await server.workspace({ mode: 'live' });
  post.taken.length = 0;
  post.feel(null);
});

const LETTER = { kind: 'receipt', to: 'ada@example.com', contactId: null, about: null } as const;

async function queue(more: Partial<NewMessage> = {}, at = workspace) {
  const caller = await at.caller();
  const words = { subject: 'Your receipt', body: 'Hello Ada,\n\nthank you.' };
  const { row, added } = await database.inWorkspace(at.id, (tx) =>
    queueMessage(rooms.messages, tx, caller, { ...LETTER, dedupeKey: newId(), words, ...more }),
  );
  return { id: toPublicId('message', row.id), added };
}
const read = async (id: string, at = workspace) =>
  (await server.call<Message>('GET', `/v1/messages/${id}`, { as: at.apiKey })).body;
const again = (id: string) => server.call<Message>('POST', `/v1/messages/${id}/retries`, { as: workspace.apiKey });

/** Sends a message while the server is in a mood, and says what became of it and how often it was taken. */
async function sendIn(mood: Parameters<typeof post.feel>[0]) {
  const { id } = await queue();
  post.feel(mood);
  await outbox.sendOf(workspace.id);
  const { state, reason } = await read(id);
  return { id, state, reason, taken: post.taken.length };
}

describe('handing over', () => {
  test('what arrives is byte for byte what is kept, with text, HTML, files and an address to come back to', async () => {
    const contactId = fromPublicId('contact', await makeContact(server, workspace))!;
    const file = { name: 'Receipt ü.pdf', mediaType: 'application/pdf', bytes: Buffer.from('%PDF-1.7 …') };
    const button = { label: 'View invoice', url: 'https://crm.test/d/abc?x=1&y=2' };
    const { id } = await queue({ contactId, files: [file], button, footer: 'Harbour Studio Ltd\nQuay 1' });
    expect((await read(id)).state).toBe('queued');
    await outbox.sendOf(workspace.id);
    expect(await read(id)).toMatchObject({ state: 'sent', attempts: 1, sent_at: clock.now().toISOString() });
    const [mail] = post.taken;
    expect([post.taken.length, mail!.from, mail!.to]).toEqual([
      1,
      `bounces+${id}@counterfoil.test`,
      ['ada@example.com'],
    ]);
    const eml = await server.app.inject({
      url: `/v1/messages/${id}/message.eml`,
      headers: { authorization: `Bearer ${workspace.apiKey}` },
    });
    expect(eml.headers['content-type']).toBe('message/rfc822');
    expect(mail!.raw.equals(eml.rawPayload)).toBe(true);
    expect(mail!.mail.messageId).toBe(`<${id}@counterfoil.test>`);
    expect([mail!.mail.from?.text, mail!.mail.subject]).toEqual([
      '"Harbour Studio" <mail@counterfoil.test>',
      'Your receipt',
    ]);
    expect(mail!.mail.text).toContain('Hello Ada,\n\nthank you.');
    expect(mail!.mail.html).toContain('href="https://crm.test/d/abc?x=1&amp;y=2"');
    expect(mail!.mail.attachments.map(({ filename, content }) => [filename, content.toString()])).toEqual([
      ['Receipt ü.pdf', '%PDF-1.7 …'],
    ]);
    const { body: content } = await server.call<MessageContent>('GET', `/v1/messages/${id}/content`, {
      as: workspace.apiKey,
    });
    expect(content.files).toEqual([{ name: 'Receipt ü.pdf', media_type: 'application/pdf', size: file.bytes.length }]);
  });

  test('refused for good: failed at once, in the server’s words, and a person may send it again', async () => {
    const { id, state, reason } = await sendIn({ at: 'rcpt', code: 550, words: '5.1.1 No such user here' });
    expect([state, reason]).toEqual(['failed', 'The mail server refused it: 550 5.1.1 No such user here.']);
    await outbox.sendDue();
    expect(post.taken).toEqual([]);
    expect((await again(id)).status).toBe(201);
    await outbox.sendDue();
    expect([(await read(id)).state, post.taken.length]).toEqual(['sent', 1]);
    expect((await again(id)).body).toMatchObject({ code: 'message_state_conflict' });
  });

  test.each([
    ['greylisted at the recipient', { at: 'rcpt', code: 451, words: '4.7.1 Greylisted, come back' }],
    ['turned away with the message', { at: 'data', code: 452, words: '4.3.1 Mailbox is full' }],
    ['cut off before the message', { cut: 'before_data' }],
  ] as const)('%s: it waits and goes out once', async (_what, mood) => {
    const { id, state } = await sendIn(mood);
    expect(state).toBe('queued');
    expect((await read(id)).next_attempt_at).toBe(new Date(clock.now().getTime() + 60_000).toISOString());
    await outbox.sendDue();
    expect(post.taken.length).toBe(0);
    clock.advanceMs(61_000);
    await outbox.sendDue();
    expect([(await read(id)).state, (await read(id)).attempts, post.taken.length]).toEqual(['sent', 2, 1]);
  });

  test.each([
    ['after all of it was read', 'after_data', 0],
    ['after it was taken', 'after_taking', 1],
  ] as const)('cut off %s: nobody knows, and it is never sent again by itself', async (_what, cut, taken) => {
    const sent = await sendIn({ cut });
    expect([sent.state, sent.taken]).toEqual(['unsure', taken]);
    clock.advanceMs(7 * 86_400_000);
    await outbox.sendDue();
    expect(post.taken.length).toBe(taken);
    await again(sent.id);
    await outbox.sendDue();
    expect([(await read(sent.id)).state, post.taken.length]).toEqual(['sent', taken + 1]);
    // The same Message-ID: a mailbox that has it already can tell.
    expect(new Set(post.taken.map(({ mail }) => mail.messageId)).size).toBe(1);
  });

  test('a server that is away for more than a day: tried with growing pauses, then failed', async () => {
    const { id } = await queue();
    post.feel({ at: 'rcpt', code: 450, words: 'Later', stays: true });
    let tries = 0;
    const began = clock.now().getTime();
    for (; (await read(id)).state === 'queued' && tries < 30; tries += 1) {
      clock.advanceMs(4 * 3_600_000 + 1);
      await outbox.sendDue();
    }
    expect(tries).toBe(14);
    expect(await read(id)).toMatchObject({
      state: 'failed',
      reason: 'The mail server takes it later: 450 Later. Tried 14 times.',
    });
    expect(clock.now().getTime() - began).toBeGreaterThan(86_400_000);
  });

  test('many senders at once, in two processes’ worth of rooms: each message goes out once', async () => {
    const second = makeMessagesRoom({ ...rooms.messages, onError: (error) => expect(error).toBeNull() });
    const ids = await Promise.all(Array.from({ length: 23 }, () => queue()));
    await Promise.all([
      outbox.sendDue(),
      second.outbox.sendDue(),
      outbox.sendOf(workspace.id),
      second.outbox.sendOf(workspace.id),
    ]);
    const sent = post.taken.map(({ mail }) => mail.messageId).sort();
    expect(sent).toEqual(ids.map(({ id }) => `<${id}@counterfoil.test>`).sort());
  });

  test('asked for many times at once for one reason: one message', async () => {
    const results = await Promise.all(Array.from({ length: 12 }, () => queue({ dedupeKey: 'receipt:one' })));
    expect(results.filter(({ added }) => added)).toHaveLength(1);
    expect(new Set(results.map(({ id }) => id)).size).toBe(1);
    await outbox.sendDue();
    expect(post.taken).toHaveLength(1);
  });

  test('a transaction that is rolled back sends nothing', async () => {
    const caller = await workspace.caller();
    const failed = database.inWorkspace(workspace.id, async (tx) => {
      await queueMessage(rooms.messages, tx, caller, { ...LETTER, dedupeKey: 'x', words: { subject: 's', body: 'b' } });
      throw new Error('something else went wrong');
    });
    await expect(failed).rejects.toThrow('something else');
    await outbox.sendDue();
    expect(post.taken).toEqual([]);
  });
});

describe('a sandbox', () => {
  test('marks its mail and keeps it; a test to oneself goes out; it may be told to send', async () => {
    const sandbox = await server.workspace({ mode: 'sandbox' });
    const { id } = await queue({}, sandbox);
    await outbox.sendDue();
    expect(await read(id, sandbox)).toMatchObject({ state: 'kept', subject: '[TEST] Your receipt' });
    expect(post.taken).toEqual([]);
    const as = sandbox.apiKey;
    const tried = await server.call<Message>('POST', '/v1/mail-settings/tests', { as, body: { to: 'me@example.com' } });
    expect([tried.status, tried.body.state, post.taken[0]?.to]).toEqual([201, 'sent', ['me@example.com']]);
    await server.call('PATCH', '/v1/mail-settings', { as, body: { sandbox_sends: true } });
    await server.call('POST', `/v1/messages/${id}/retries`, { as });
    await outbox.sendDue();
    expect(await read(id, sandbox)).toMatchObject({ state: 'sent' });
    expect(post.taken[1]?.mail.text).toContain('This is a test.');
  });
});

const edit = (body: unknown) => server.call<MailSettings>('PATCH', '/v1/mail-settings', { as: workspace.apiKey, body });

describe('settings', () => {
  test('a server of one’s own: its password is sealed, never shown, and goes only where it was meant for', async () => {
    const own = await mailServer({
      onAuth: ({ username, password }, _session, done) =>
        username === 'ada' && password === 'pässword' ? done(null, { user: 'ada' }) : done(new Error('Wrong')),
    });
    const connection = { host: '127.0.0.1', port: own.smtp.port, security: 'none', user: 'ada' };
    const missing = await edit({ server: { ...connection, password: 'pässword' } });
    expect(missing.body).toMatchObject({ code: 'invalid_request', fields: [{ path: 'from_address' }] });
    const saved = await edit({
      server: { ...connection, password: 'wrong' },
      from_address: 'ada@harbour.test',
      from_name: 'Ada',
    });
    expect(saved.body).toMatchObject({ server: { has_password: true }, now: { through: 'workspace', sends: true } });
    expect(saved.text).not.toContain('wrong');
    const { id } = await queue();
    await outbox.sendDue();
    expect(await read(id)).toMatchObject({ state: 'queued', reason: expect.stringContaining('user name or password') });
    await edit({ server: { ...connection, password: 'pässword' } });
    clock.advanceMs(61_000);
    await outbox.sendDue();
    expect((await read(id)).state).toBe('sent');
    expect(own.taken[0]).toMatchObject({ from: 'ada@harbour.test' });
    const elsewhere = await edit({ server: { ...connection, host: 'evil.example.com' } });
    expect(elsewhere.body).toMatchObject({ code: 'invalid_request', fields: [{ path: 'server.password' }] });
    const [row] = await database.asOwner<{ sealed_password: string }>(
      'SELECT sealed_password FROM mail_settings WHERE workspace_id = $1',
      [workspace.id],
    );
    expect(row!.sealed_password).toMatch(/^v1\./);
  });

  test('kept before a server was configured: sent again under the address of the new one', async () => {
    const bare = await testServer({ database });
    const { id } = await (async () => {
      const caller = await workspace.caller();
      const queued = await database.inWorkspace(workspace.id, (tx) =>
        queueMessage(bare.rooms.messages, tx, caller, {
          ...LETTER,
          dedupeKey: newId(),
          words: { subject: 'Früh', body: 'Ä\n\nB' },
        }),
      );
      await bare.rooms.messages.outbox.sendOf(workspace.id);
      return { id: toPublicId('message', queued.row.id) };
    })();
    expect(await read(id)).toMatchObject({ state: 'kept', from: 'no-reply@counterfoil.test' });
    await again(id);
    await outbox.sendDue();
    expect(await read(id)).toMatchObject({ state: 'sent', from: FROM.address });
    expect(post.taken[0]?.mail).toMatchObject({ subject: 'Früh', messageId: `<${id}@counterfoil.test>` });
    expect(post.taken[0]?.mail.from?.value[0]?.address).toBe(FROM.address);
  });

  test('an owner of another workspace sees nothing of it', async () => {
    const { id } = await queue();
    const stranger = await server.workspace({ mode: 'live' });
    for (const path of ['', '/content', '/message.eml']) {
      expect((await server.call('GET', `/v1/messages/${id}${path}`, { as: stranger.apiKey })).status).toBe(404);
    }
    expect((await server.call('POST', `/v1/messages/${id}/retries`, { as: stranger.apiKey })).status).toBe(404);
  });
});

describe('templates', () => {
  const preview = (body: string, subject = 'x') =>
    server.call<MessagePreview>('POST', '/v1/message-templates/previews', {
      as: workspace.apiKey,
      body: { kind: 'receipt', subject, body },
    });

  test('are kept, filled, listed with their variables, and brought back', async () => {
    const as = workspace.apiKey;
    const words = { subject: 'Paid: {{ amount }}', body: 'Hi {{ customer | upcase }}' };
    expect((await server.call('PUT', '/v1/message-templates/receipt/en', { as, body: words })).status).toBe(204);
    const list = await server.call<{ data: MessageTemplate[] }>('GET', '/v1/message-templates', { as });
    expect(list.body.data.find(({ kind }) => kind === 'receipt')).toMatchObject({ ...words, is_changed: true });
    expect((await preview(words.body, words.subject)).body).toMatchObject({
      subject: 'Paid: $120.00',
      text: 'Hi ADA LOVELACE\n',
    });
    await server.call('PUT', '/v1/message-templates/receipt/en', { as, body: { subject: '', body: '' } });
    const back = await server.call<{ data: MessageTemplate[] }>('GET', '/v1/message-templates', { as });
    expect(back.body.data.find(({ kind }) => kind === 'receipt')?.subject).toBe(MESSAGE_KINDS.receipt.subject);
    for (const place of ['test/en', 'declined_notice/de', 'receipt/xx']) {
      expect((await server.call('PUT', `/v1/message-templates/${place}`, { as, body: words })).status).toBe(422);
    }
  });

  test('each language has words of its own, and a preview reads as in it', async () => {
    const as = workspace.apiKey;
    const german = { subject: 'Bezahlt: {{ amount }}', body: 'Servus {{ customer }}' };
    expect((await server.call('PUT', '/v1/message-templates/receipt/de', { as, body: german })).status).toBe(204);
    const { body: list } = await server.call<{ data: MessageTemplate[] }>('GET', '/v1/message-templates', { as });
    const receipts = list.data.filter(({ kind }) => kind === 'receipt');
    expect(receipts.map(({ language, is_changed }) => [language, is_changed])).toEqual(
      MESSAGE_LANGUAGES.map((language) => [language, language === 'de']),
    );
    expect(new Set(receipts.map(({ body }) => body)).size).toBe(MESSAGE_LANGUAGES.length);
    expect(list.data.filter(({ audience }) => audience === 'staff').map(({ language }) => language)).toEqual(['en']);
    const shown = await server.call<MessagePreview>('POST', '/v1/message-templates/previews', {
      as,
      body: { kind: 'invoice', language: 'de', subject: '{{ document }}', body: '{{ total }}, {{ due }}' },
    });
    expect(shown.body.subject).toBe('Rechnung');
    expect(shown.body.text).toBe('1.200,00\u00a0$, 1. April 2026\n\nRechnung ansehen:\n#\n');
    expect(shown.body.html).toContain('<html lang="de"');
    expect(shown.body.html).toContain('>Rechnung ansehen</a>');
  });

  test.each([
    ['{{ nmae }}', /no variable “nmae”/],
    ['{{ amount | evil }}', /undefined filter/],
    ['{% include "/etc/passwd" %}', /not a template/],
    ['{% render "x" %}', /not a template/],
    ['{% layout "x" %}', /not a template/],
    ['{% for i in (1..900000000) %}x{% endfor %}', /too long/],
    ['{% for i in (1..90000) %}{% for j in (1..90000) %}{% endfor %}{% endfor %}', /too long/],
    ['{% if amount %}', /not a template/],
    ['{{ amount.constructor.constructor }}', /no variable/],
    [' {% comment %}x{% endcomment %} ', /Nothing would be left/],
  ])('refused in words: %s', async (body, words) => {
    const { status, body: problem } = await preview(body);
    expect(status).toBe(422);
    expect(problem).toMatchObject({
      code: 'invalid_request',
      fields: [{ path: 'body', message: expect.stringMatching(words) }],
    });
  });
});

test('messages look as the business’s documents do: colour, logo and legal lines, also when sent again and in previews', async () => {
  const as = workspace.apiKey;
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==';
  await server.call('PATCH', '/v1/invoicing', { as, body: { colour: '#0b7285', footer: 'Harbour Ltd <No 7>' } });
  await server.call('PUT', '/v1/invoicing/logo', { as, body: { logo: png } });
  const file = { name: 'Receipt.pdf', mediaType: 'application/pdf', bytes: Buffer.from('%PDF-1.7') };
  const { id } = await queue({ files: [file] });
  post.feel({ at: 'rcpt', code: 550, words: 'No' });
  await outbox.sendOf(workspace.id);
  // The address changes, so that the message is composed anew.
  await edit({ server: { ...post.smtp, user: null, password: '' }, from_address: 'ada@harbour.test' });
  await again(id);
  await outbox.sendOf(workspace.id);
  const [{ mail } = {}] = post.taken;
  expect([mail?.from?.value[0]?.address, mail?.text]).toEqual([
    'ada@harbour.test',
    expect.stringContaining('-- \nHarbour Ltd <No 7>'),
  ]);
  expect(mail?.html).toContain(`src="data:image/png;base64,${png}"`);
  expect(mail?.html).toContain('border-top:4px solid #0b7285');
  expect(mail?.html).toContain('Harbour Ltd &lt;No 7&gt;');
  const { body: content } = await server.call<MessageContent>('GET', `/v1/messages/${id}/content`, { as });
  expect(content.files.map(({ name }) => name)).toEqual(['Receipt.pdf']);
  const preview = await server.call<MessagePreview>('POST', '/v1/message-templates/previews', {
    as,
    body: { kind: 'receipt', subject: 'x', body: 'y' },
  });
  expect(preview.body.html).toContain(`src="data:image/png;base64,${png}"`);
  expect(preview.body.html).toContain('Harbour Ltd &lt;No 7&gt;');
});

describe('mail that comes back', () => {
  const listed = async (state: string) =>
    (
      await server.call<{ data: Message[] }>('GET', `/v1/messages?state=${state}`, { as: workspace.apiKey })
    ).body.data.map(({ id }) => id);
  const bounce = async (raw: string, as = workspace.apiKey) => {
    const response = await server.app.inject({
      method: 'POST',
      url: '/v1/messages/bounces',
      headers: { authorization: `Bearer ${as}`, 'content-type': 'message/rfc822' },
      payload: raw,
    });
    return { status: response.statusCode, body: response.json() };
  };
  const report = (to: string, originalId: string, action = 'failed') =>
    [
      'From: MAILER-DAEMON@mx.example.com (Mail Delivery System)',
      `To: ${to}`,
      'Subject: Undelivered Mail Returned to Sender',
      'MIME-Version: 1.0',
      'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
      '',
      '--b1',
      'Content-Type: text/plain',
      '',
      'I am sorry to have to inform you.',
      '',
      '--b1',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mx.example.com',
      '',
      'Final-Recipient: rfc822; ada@example.com',
      `Action: ${action}`,
      'Status: 5.1.1',
      'Diagnostic-Code: smtp; 550 5.1.1 <ada@example.com>: Recipient address',
      '    rejected: User unknown',
      '',
      '--b1',
      'Content-Type: message/rfc822',
      '',
      'From: mail@counterfoil.test',
      `Message-ID: <${originalId}>`,
      'Subject: Your receipt',
      '',
      'Hello',
      '--b1--',
      '',
    ].join('\r\n');

  test('by its Message-ID or by the address it came to; only a final failure counts, and once', async () => {
    const { id } = await queue();
    const { id: other } = await queue();
    await outbox.sendDue();
    const delayed = await bounce(report('mail@counterfoil.test', `${id}@counterfoil.test`, 'delayed'));
    expect([delayed.body.outcome, (await read(id)).state]).toEqual(['not_final', 'sent']);
    for (const _time of [1, 2]) {
      const answer = await bounce(report('mail@counterfoil.test', `${id}@counterfoil.test`));
      expect(answer).toMatchObject({ status: 200, body: { outcome: 'bounced', message_id: id } });
    }
    expect(await read(id)).toMatchObject({
      state: 'bounced',
      reason: 'It came back: 550 5.1.1 <ada@example.com>: Recipient address rejected: User unknown',
    });
    await bounce(report(`bounces+${other}@counterfoil.test`, 'rewritten@gateway.example.com'));
    expect((await read(other)).state).toBe('bounced');
    const stranger = await server.workspace({ mode: 'live' });
    expect((await bounce(report('x@y.test', `${id}@counterfoil.test`), stranger.apiKey)).body.outcome).toBe(
      'unknown_message',
    );
  });

  test('a report that it arrived is asked for where reports go somewhere, and kept; a later failure still counts', async () => {
    const willing = await mailServer({ hideDSN: false });
    const own = { host: '127.0.0.1', port: willing.smtp.port, security: 'none' };
    const set = (body: object) => edit({ server: own, from_address: 'ada@harbour.test', ...body });
    await set({ bounce_address: null });
    await queue();
    await outbox.sendDue();
    await set({ bounce_address: 'back@harbour.test' });
    const { id } = await queue();
    await outbox.sendDue();
    expect(willing.taken.map(({ from, reports }) => [from, reports.id, [...reports.notify].sort().join()])).toEqual([
      ['ada@harbour.test', null, ''],
      [`back+${id}@harbour.test`, id, 'DELAY,FAILURE,SUCCESS'],
    ]);
    clock.advanceMs(5_000);
    const at = clock.now().toISOString();
    for (const _time of [1, 2]) {
      expect((await bounce(report(`back+${id}@harbour.test`, 'x@y.test', 'delivered'))).body).toEqual({
        outcome: 'delivered',
        message_id: id,
      });
    }
    expect(await read(id)).toMatchObject({
      state: 'sent',
      delivered_at: at,
      reason: expect.not.stringContaining('back'),
    });
    expect(await listed('delivered')).toEqual([id]);
    expect(await listed('opened')).toEqual([]);
    await bounce(report(`back+${id}@harbour.test`, 'x@y.test'));
    expect(await read(id)).toMatchObject({ state: 'bounced', delivered_at: at });
    await bounce(report(`back+${id}@harbour.test`, 'x@y.test', 'delivered'));
    expect((await read(id)).state).toBe('bounced');
  });

  test('what is no report changes nothing: holiday answers, words that name a message, nonsense', async () => {
    const { id } = await queue();
    await outbox.sendDue();
    const holiday = `From: ada@example.com\r\nTo: mail@counterfoil.test\r\nIn-Reply-To: <${id}@counterfoil.test>\r\nSubject: Away\r\n\r\nI am away.`;
    expect((await bounce(holiday)).body).toEqual({ outcome: 'not_a_report', message_id: id });
    const quoted = report('mail@counterfoil.test', 'unknown@x.test').replace('Hello', `msg ${id}`);
    expect((await bounce(quoted)).body.outcome).toBe('unknown_message');
    expect((await bounce('\u0000\u0001 not a mail')).body.outcome).toBe('not_a_report');
    const json = await server.call('POST', '/v1/messages/bounces', { as: workspace.apiKey, body: { raw: 'x' } });
    expect([json.status, (await read(id)).state]).toEqual([422, 'sent']);
    expect((await bounce(holiday, await workspace.keyWith('contacts.read'))).status).toBe(403);
  });
});

test('a document link leads to its document until it is revoked, and is opened once', async () => {
  const caller = await workspace.caller();
  const about = { kind: 'invoice', id: newId() } as const;
  const link = await database.inWorkspace(workspace.id, (tx) =>
    makeDocumentLink(tx, caller, about, 'https://crm.test'),
  );
  const token = link.url.split('/').at(-1)!;
  expect(link.url).toMatch(/^https:\/\/crm\.test\/d\/[\w-]{43}$/);
  const { id } = await queue({ about, linkId: link.id });
  expect(await resolveDocumentLink(database, token)).toEqual({ workspaceId: workspace.id, linkId: link.id, about });
  const seen = () => database.inWorkspace(workspace.id, (tx) => markLinkSeen(tx, link.id, clock.now()));
  const firsts = await Promise.all([seen(), seen(), seen()]);
  expect(firsts.filter(Boolean)).toHaveLength(1);
  expect((await read(id)).opened_at).toBe(clock.now().toISOString());
  const [row] = await database.asOwner<{ kept: string }>('SELECT document_links::text AS kept FROM document_links');
  expect(row!.kept).not.toContain(token);
  await expect(resolveDocumentLink(database, `${token.slice(0, -1)}_`)).rejects.toThrow();
  await database.inWorkspace(workspace.id, (tx) => revokeDocumentLinks(tx, caller, about, null));
  await expect(resolveDocumentLink(database, token)).rejects.toMatchObject({ code: 'link_not_valid' });
});

test('what a message says is text, whatever values hold', async () => {
  const evil = '{{ 7 | times: 7 }}<script>alert(1)</script>\r\nBcc: all@example.com';
  const { fillWords } = await import('./message-template.ts');
  const values = {
    number: evil,
    customer: evil,
    business: evil,
    amount: '$1',
    method: evil,
    description: evil,
    date: '',
  };
  await queue({
    words: fillWords(MESSAGE_KINDS.receipt, values),
    button: { label: evil, url: 'https://x.test/"><script>' },
    footer: evil,
  });
  await outbox.sendOf(workspace.id);
  const { mail, raw } = post.taken[0]!;
  expect(mail.subject).toContain('{{ 7 | times: 7 }}<script>alert(1)</script> Bcc: all@example.com');
  expect(mail.html).not.toMatch(/<script/i);
  expect(mail.html).toContain('{{ 7 | times: 7 }}&lt;script&gt;');
  expect(mail.text).not.toContain('49');
  expect((await simpleParser(raw)).bcc).toBeUndefined();
});

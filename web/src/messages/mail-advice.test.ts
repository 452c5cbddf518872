import { expect, test } from 'vitest';
import type { MailSettings } from '../../../src/messages/api.ts';
import { mailAdvice } from './mail-advice.ts';

const own = { host: 'smtp.example.com', port: 587, security: 'starttls', user: 'ada', has_password: true } as const;
const SETTINGS: MailSettings = {
  server: own,
  from_name: 'Ada',
  from_address: 'ada@example.com',
  reply_to: null,
  bounce_address: 'back@example.com',
  sandbox_sends: false,
  receipts: true,
  declined_notices: false,
  failed_charge_notices: true,
  staff_address: null,
  now: { sends: true, through: 'workspace', from: 'ada@example.com', why: '' },
  waiting: {},
  version: 1,
};
const through = (name: MailSettings['now']['through']) => ({ now: { ...SETTINGS.now, through: name } });

test.each<[string, Partial<MailSettings>, RegExp[]]>([
  ['all is there', {}, []],
  ['nothing is set', { server: null, ...through('nothing') }, [/Enter a mail server/]],
  ['a user without a password', { server: { ...own, has_password: false } }, [/no password/]],
  ['no user, and none needed', { server: { ...own, user: null, has_password: false } }, []],
  ['open through the world', { server: { ...own, security: 'none' } }, [/Nothing is encrypted/]],
  ['open within the machine', { server: { ...own, security: 'none', host: '127.0.0.1' } }, []],
  ['open within the house', { server: { ...own, security: 'none', host: '172.20.0.9' } }, []],
  ['the server’s own, answers to it', { server: null, ...through('server') }, [/reply-to/]],
  ['the server’s own, answers to us', { server: null, ...through('server'), reply_to: 'ada@example.com' }, []],
  ['nowhere for what comes back', { bounce_address: null }, [/comes back to ada@example.com/]],
])('%s', (_what, part, words) => {
  const said = mailAdvice({ ...SETTINGS, ...part });
  expect(said).toHaveLength(words.length);
  for (const [at, word] of words.entries()) expect(said[at]).toMatch(word);
});

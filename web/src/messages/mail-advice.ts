import type { MailSettings } from '../../../src/messages/api.ts';

/** What is left to do before mail goes out and arrives, the most important first; sentences for whoever sets it up. */
export function mailAdvice(settings: MailSettings): string[] {
  const { server, now } = settings;
  const advice: string[] = [];
  if (now.through === 'nothing') {
    advice.push('Enter a mail server below. Your mail provider tells its host, port, user and password.');
  }
  if (server !== null && server.user !== null && !server.has_password) {
    advice.push('There is a user and no password. Nearly every mail server wants one.');
  }
  if (server !== null && server.security === 'none' && !isHere(server.host)) {
    advice.push('Nothing is encrypted on the way to your mail server. Choose STARTTLS or TLS if it offers them.');
  }
  if (now.through === 'server' && settings.reply_to === null) {
    advice.push(`Answers of customers go to ${now.from}. Give a reply-to address to get them yourself.`);
  }
  if (now.through === 'workspace' && settings.bounce_address === null) {
    advice.push(`Mail that cannot be delivered comes back to ${now.from}. Hand it in under Outbox to see it here.`);
  }
  return advice;
}

/** Connections that leave neither the machine nor the house. */
function isHere(host: string): boolean {
  return /^(localhost|127\.|::1$|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host);
}

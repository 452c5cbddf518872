import { MESSAGE_FILTERS, type MessageFilterName } from '../../../src/messages/message.ts';

/** What the outbox's address says: only a state that there is. */
export function readOutboxSearch(search: Record<string, unknown>): { state?: MessageFilterName } {
  const state = MESSAGE_FILTERS.find((name) => name === search.state);
  return state ? { state } : {};
}

/** Which kind of message is open in Words, and in which language. */
export function readTemplateSearch(search: Record<string, unknown>): { kind?: string; language?: string } {
  const { kind, language } = search;
  return {
    ...(typeof kind === 'string' && /^[a-z_]{1,40}$/.test(kind) ? { kind } : {}),
    ...(typeof language === 'string' && /^[a-z]{2}$/.test(language) ? { language } : {}),
  };
}

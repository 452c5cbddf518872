import { MESSAGE_FILTERS, type MessageFilterName } from '../../../src/messages/message.ts';

/** What the outbox's address says: only a state that there is. */
export function readOutboxSearch(search: Record<string, unknown>): { state?: MessageFilterName } {
  const state = MESSAGE_FILTERS.find((name) => name === search.state);
  return state ? { state } : {};
}

/** Which kind of message is open in Words. */
export function readTemplateSearch(search: Record<string, unknown>): { kind?: string } {
  return typeof search.kind === 'string' && /^[a-z_]{1,40}$/.test(search.kind) ? { kind: search.kind } : {};
}

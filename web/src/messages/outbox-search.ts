import { MESSAGE_STATES, type MessageState } from '../../../src/messages/message.ts';

/** What the outbox's address says: only a state that there is. */
export function readOutboxSearch(search: Record<string, unknown>): { state?: MessageState } {
  const state = MESSAGE_STATES.find((name) => name === search.state);
  return state ? { state } : {};
}

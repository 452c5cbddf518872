import type { App } from '../workspace/door.ts';
import { registerMailSettingsDoors } from './http-mail-settings.ts';
import { registerBounceDoor, registerMessageDoors } from './http-messages.ts';
import type { MessagesRoom } from './make-messages-room.ts';

/** Every door of the messages room. */
export function registerMessagesRoom(app: App, room: MessagesRoom): void {
  registerMessageDoors(app, room);
  registerBounceDoor(app, room);
  registerMailSettingsDoors(app, room);
}

import { z } from 'zod';
import { Failure } from '../foundation/failure.ts';
import type { App } from '../workspace/door.ts';
import type { PaymentsRoom } from './make-payments-room.ts';

/** The longest message of a gateway that is read; theirs are a few kilobytes. */
const MESSAGE_BYTES_MAX = 262_144;

const addressParams = z.object({ gateway: z.string().max(40), token: z.string().min(20).max(100) });

/**
 * The door that gateways send their messages to. What came is kept byte for byte until its signature was checked; the
 * answer says only that the message is stored, and comes before anything is done about it.
 */
export function registerGatewayEventDoor(app: App, room: PaymentsRoom): void {
  app.register(async (doors) => {
    doors.removeAllContentTypeParsers();
    doors.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MESSAGE_BYTES_MAX }, (_request, body, done) =>
      done(null, body),
    );
    doors.post(
      '/gateway-events/:gateway/:token',
      // Headers for pages are of no use to a program, and would cost as much as the checking.
      { config: { access: { public: true } }, schema: { hide: true }, helmet: false },
      async (request, reply) => {
        const { gateway, token } = addressParams.parse(request.params);
        if (!room.gateways.all.some(({ name }) => name === gateway)) throw new Failure('not_found');
        const rawBody = textOf(request.body as Buffer | undefined);
        const header = (name: string) => {
          const value = request.headers[name.toLowerCase()];
          return typeof value === 'string' ? value : undefined;
        };
        const taken = rawBody === null ? 'refused' : await room.events.takeAt(gateway, token, { rawBody, header });
        if (taken === 'unknown_address') throw new Failure('not_found');
        if (taken === 'refused') throw new Failure('event_refused');
        reply.header('content-type', 'application/json').send('{"received":true}');
        return reply;
      },
    );
  });
}

// The mark at the beginning of a text is part of what was signed.
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The body as text; null when it is none, and so cannot be what a gateway signed. */
function textOf(body: Buffer | undefined): string | null {
  try {
    return decoder.decode(body ?? Buffer.alloc(0));
  } catch {
    return null;
  }
}

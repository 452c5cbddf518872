import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { check } from '../foundation/assert.ts';
import { Failure } from '../foundation/failure.ts';
import { fromPublicId, type IdKind } from '../foundation/id.ts';
import type { Caller, Right, SwitchName } from './caller.ts';

/** The HTTP server as the rooms' doors see it: routes carry zod schemas and say who may use them. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/**
 * Who may use a route; every route must say it (`config: { access: … }`), and the server enforces it before the body
 * is read. `public`: anybody. `person`: somebody signed in, no workspace yet. Otherwise a caller in a workspace with
 * the right, and with the switch on where one is named.
 */
export type Access =
  | { readonly public: true }
  | { readonly person: true }
  | {
      readonly right: Right;
      readonly switch?: SwitchName;
      /** The verb reads rights and switches again in its own transaction: the guard may go by what it remembers. */
      readonly askedAgain?: true;
    };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Filled for routes with a right. Read it with callerOf(). */
    caller: Caller | null;
    /** Filled for routes with `person: true`. Read it with personOf(). */
    person: SignedInPerson | null;
  }
}

/** Somebody signed in, before a workspace is chosen. */
export interface SignedInPerson {
  readonly userId: string;
  readonly name: string;
  readonly email: string;
  readonly sessionToken: string;
}

export function callerOf(request: FastifyRequest): Caller {
  check(request.caller, 'a route with a right has a caller');
  return request.caller;
}

export function personOf(request: FastifyRequest): SignedInPerson {
  check(request.person, 'a route for signed-in people has a person');
  return request.person;
}

/** uuid of a public id in an address; a foreign or broken id is simply not found. */
export function uuidFromAddress(kind: IdKind, publicId: string): string {
  const uuid = fromPublicId(kind, publicId);
  if (uuid === null) throw new Failure('not_found');
  return uuid;
}

/** uuid of a public id in a body or query; refused with the field's name. */
export function uuidFromField(kind: IdKind, publicId: string, path: string): string {
  const uuid = fromPublicId(kind, publicId);
  if (uuid === null) {
    throw new Failure('invalid_request', undefined, { fields: [{ path, message: 'This id does not exist.' }] });
  }
  return uuid;
}

/** The Idempotency-Key header that every POST that moves money must carry; 1 to 255 visible ASCII characters. */
export function idempotencyKeyOf(request: Pick<FastifyRequest, 'headers'>): string {
  const header = request.headers['idempotency-key'];
  if (typeof header !== 'string' || header === '') throw new Failure('idempotency_key_missing');
  if (!/^[\x21-\x7e]{1,255}$/.test(header)) {
    throw new Failure('malformed_request', 'An Idempotency-Key has 1 to 255 visible ASCII characters.', {
      fields: [{ path: 'Idempotency-Key', message: '1 to 255 visible ASCII characters' }],
    });
  }
  return header;
}

/** Version in an If-Match header written by entityTag(); null when the header is absent. */
export function expectedVersionOf(request: FastifyRequest): number | null {
  const header = request.headers['if-match'];
  if (header === undefined || header === '*') return null;
  const match = /^(?:W\/)?"v(\d{1,9})"$/.exec(header);
  if (!match) throw new Failure('edit_conflict', 'The If-Match header is not an ETag that this server gave out.');
  return Number(match[1]);
}

/** Sets the ETag of an answer from the row's version. */
export function entityTag(reply: FastifyReply, version: number): void {
  reply.header('etag', `"v${version}"`);
}

import { z } from 'zod';
import { type IdKind, toPublicId } from '../foundation/id.ts';
import * as api from './api.ts';
import { type App, callerOf, uuidFromAddress } from './door.ts';
import type { DoorContext } from './http-context.ts';
import { listAudit } from './list-audit.ts';
import { addApiKey, listApiKeys, revokeApiKey } from './make-api-key.ts';
import { knownRights } from './rights.ts';
import type { ApiKeyRow } from './store-api-keys.ts';
import type { LoggedRow } from './store-audit.ts';

const mayWrite = { access: { right: 'settings.write' } } as const;

/** Doors for API keys and for the audit log. */
export function registerSecurityDoors(app: App, context: DoorContext): void {
  registerApiKeys(app, context);
  registerAuditLog(app, context);
}

function registerApiKeys(app: App, { database }: DoorContext) {
  const tags = ['API keys'];

  app.get(
    '/v1/api-keys',
    {
      config: mayWrite,
      schema: { tags, summary: 'API keys that are good', operationId: 'listApiKeys', response: { 200: api.apiKeys } },
    },
    async (request) => ({ data: (await listApiKeys(database, callerOf(request).workspace.id)).map(apiKeyJson) }),
  );

  app.post(
    '/v1/api-keys',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Make an API key with some of one’s own rights; its token is in this answer only',
        operationId: 'makeApiKey',
        body: api.newApiKeyBody,
        response: { 201: api.newApiKey },
      },
    },
    async (request, reply) => {
      const made = await addApiKey(database, callerOf(request), request.body);
      return reply.status(201).send({ ...apiKeyJson(made), token: made.token });
    },
  );

  app.delete(
    '/v1/api-keys/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Revoke an API key; its next request is refused',
        operationId: 'revokeApiKey',
        params: api.memberParams,
        response: { 204: z.null().describe('Done; no content.') },
      },
    },
    async (request, reply) => {
      await revokeApiKey(database, callerOf(request), uuidFromAddress('apiKey', request.params.id));
      return reply.status(204).send(null);
    },
  );
}

function registerAuditLog(app: App, { database }: DoorContext) {
  app.get(
    '/v1/audit-log',
    {
      config: { access: { right: 'audit.read' } },
      schema: {
        tags: ['Audit log'],
        summary: 'Who did what from where, newest first',
        operationId: 'listAuditLog',
        querystring: api.auditQuery,
        response: { 200: api.auditPage },
      },
    },
    async (request) => {
      const { rows, nextCursor } = await listAudit(database, callerOf(request).workspace.id, request.query);
      return { data: rows.map(auditJson), next_cursor: nextCursor };
    },
  );
}

function apiKeyJson(row: ApiKeyRow): api.ApiKey {
  return {
    id: toPublicId('apiKey', row.id),
    name: row.name,
    hint: row.hint,
    rights: knownRights(row.rights),
    created_by: row.created_by,
    created_at: row.created_at.toISOString(),
    last_used_on: row.last_used_on,
  };
}

function auditJson(row: LoggedRow): api.AuditEntry {
  const actorIdKind = row.actor_kind === 'member' ? 'member' : row.actor_kind === 'api_key' ? 'apiKey' : null;
  return {
    id: toPublicId('audit', row.id),
    at: row.at.toISOString(),
    actor: {
      kind: row.actor_kind,
      id: row.actor_id !== null && actorIdKind ? toPublicId(actorIdKind, row.actor_id) : null,
      name: row.actor_name,
    },
    action: row.action,
    subject:
      row.subject_kind !== null && row.subject_id !== null
        ? { kind: row.subject_kind, id: toPublicId(row.subject_kind as IdKind, row.subject_id) }
        : null,
    details: row.details,
    ip: row.ip,
    seal: row.seal_seq === null ? null : Number(row.seal_seq),
  };
}

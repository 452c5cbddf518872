import { z } from 'zod';
import { toPublicId } from '../foundation/id.ts';
import * as api from './api.ts';
import { type App, callerOf, uuidFromAddress } from './door.ts';
import { editMember, removeMember } from './edit-member.ts';
import type { DoorContext } from './http-context.ts';
import { inviteMember, listInvitations, withdrawInvitation } from './invite-member.ts';
import { listMembers } from './list-members.ts';
import { knownRights, rightsOfMember } from './rights.ts';
import type { InvitationRow } from './store-invitations.ts';
import type { MemberRow } from './store-members.ts';

const mayRead = { access: { right: 'settings.read' } } as const;
const mayWrite = { access: { right: 'members.write' } } as const;
const nothing = z.null().describe('Done; no content.');

/** Doors for who belongs to the workspace, and who is invited. */
export function registerMemberDoors(app: App, context: DoorContext): void {
  registerMembers(app, context);
  registerInvitations(app, context);
}

function registerMembers(app: App, { database }: DoorContext) {
  const tags = ['Members'];

  app.get(
    '/v1/members',
    {
      config: mayRead,
      schema: {
        tags,
        summary: 'Who belongs to the workspace',
        operationId: 'listMembers',
        response: { 200: api.members },
      },
    },
    async (request) => ({ data: (await listMembers(database, callerOf(request).workspace.id)).map(memberJson) }),
  );

  app.patch(
    '/v1/members/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Change role and rights of a member',
        operationId: 'editMember',
        params: api.memberParams,
        body: api.editMemberBody,
        response: { 200: api.member },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const id = uuidFromAddress('member', request.params.id);
      const { role, rights_granted: rightsGranted, rights_withheld: rightsWithheld } = request.body;
      await editMember(database, caller, id, { role, rightsGranted, rightsWithheld });
      return memberJson((await listMembers(database, caller.workspace.id)).find((row) => row.id === id)!);
    },
  );

  app.delete(
    '/v1/members/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Remove a member; their next request is refused',
        operationId: 'removeMember',
        params: api.memberParams,
        response: { 204: nothing },
      },
    },
    async (request, reply) => {
      await removeMember(database, callerOf(request), uuidFromAddress('member', request.params.id));
      return reply.status(204).send(null);
    },
  );
}

function registerInvitations(app: App, { database, clock, publicUrl }: DoorContext) {
  const tags = ['Members'];

  app.get(
    '/v1/invitations',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Invitations not accepted yet',
        operationId: 'listInvitations',
        response: { 200: api.invitations },
      },
    },
    async (request) => ({
      data: (await listInvitations(database, callerOf(request).workspace.id, clock.now())).map(invitationJson),
    }),
  );

  app.post(
    '/v1/invitations',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Invite somebody; the link is in this answer only',
        operationId: 'inviteMember',
        body: api.inviteBody,
        response: { 201: api.newInvitation },
      },
    },
    async (request, reply) => {
      const from = { systemNow: clock.now(), publicUrl: publicUrl() };
      const made = await inviteMember(database, callerOf(request), request.body, from);
      return reply.status(201).send({ ...invitationJson(made), link: made.link });
    },
  );

  app.delete(
    '/v1/invitations/:id',
    {
      config: mayWrite,
      schema: {
        tags,
        summary: 'Withdraw an invitation; its link is worthless from now on',
        operationId: 'withdrawInvitation',
        params: api.memberParams,
        response: { 204: nothing },
      },
    },
    async (request, reply) => {
      const id = uuidFromAddress('invitation', request.params.id);
      await withdrawInvitation(database, callerOf(request), id, clock.now());
      return reply.status(204).send(null);
    },
  );
}

function memberJson(row: MemberRow): api.Member {
  const rights = rightsOfMember(row);
  return {
    id: toPublicId('member', row.id),
    user_id: toPublicId('user', row.user_id),
    name: row.name,
    email: row.email,
    role: row.role,
    rights: [...rights],
    rights_granted: knownRights(row.rights_granted),
    rights_withheld: knownRights(row.rights_withheld),
    created_at: row.created_at.toISOString(),
  };
}

function invitationJson(row: InvitationRow): api.Invitation {
  return {
    id: toPublicId('invitation', row.id),
    email: row.email,
    role: row.role,
    invited_by: row.invited_by,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at.toISOString(),
  };
}

import { z } from 'zod';
import {
  currencyCode,
  emailAddress,
  lineOfText,
  localDate,
  moment,
  page,
  pageQuery,
  publicId,
  textBlock,
} from '../foundation/api.ts';
import { RIGHTS, ROLES, SWITCHES, type SwitchName } from './caller.ts';

/** What the workspace room takes and answers. Pure: the web program imports these schemas too. */

const mode = z.enum(['sandbox', 'live']);
const role = z.enum(ROLES);
const right = z.enum(RIGHTS);
const switchName = z.enum(Object.keys(SWITCHES) as [SwitchName, ...SwitchName[]]);

/** A password to be set. Length is what makes a password good; the most is where hashing begins to cost for nothing. */
export const newPassword = z
  .string()
  .min(10, 'A password has at least 10 characters.')
  .max(128, 'A password has at most 128 characters.');
const givenPassword = z.string().min(1, 'Enter the password.').max(128, 'A password has at most 128 characters.');

const personName = lineOfText(120).min(1, 'Enter a name.');
const workspaceName = lineOfText(120).min(1, 'Enter a name for the workspace.');
const linkToken = z.object({ token: z.string().min(1).max(200) });

export const timeZone = z
  .string()
  .max(64)
  .refine(
    (name) => knows(() => new Intl.DateTimeFormat('en', { timeZone: name })),
    'An IANA time zone is expected, such as Europe/London.',
  );
export const locale = z
  .string()
  .min(2)
  .max(35)
  .refine((name) => knows(() => new Intl.Locale(name)), 'A language tag is expected, such as en-GB.');

function knows(make: () => unknown): boolean {
  try {
    make();
    return true;
  } catch {
    return false;
  }
}

// Session

export const session = z.object({
  user: z.object({ id: publicId('usr'), name: z.string(), email: z.string() }),
  workspaces: z.array(z.object({ id: publicId('wsp'), name: z.string(), mode, role })),
});
export type Session = z.infer<typeof session>;

export const signInBody = z.strictObject({ email: emailAddress, password: givenPassword });
export const changePasswordBody = z.strictObject({
  /** Null only for somebody who has no password yet. */
  current_password: givenPassword.nullable(),
  new_password: newPassword,
});

export const linkParams = linkToken;
export const signInLink = z.object({ purpose: z.enum(['owner_setup', 'sign_in']), email: z.string().nullable() });
export const ownerSetUpBody = z.strictObject({
  name: personName,
  email: emailAddress,
  password: newPassword,
  workspace_name: workspaceName,
  currency: currencyCode,
  time_zone: timeZone,
});
/** A sign-in link needs nothing; the owner's link needs everything of ownerSetUpBody. */
export const redemptionBody = ownerSetUpBody.partial().nullish();

// Workspaces

export const legal = z.strictObject({
  name: lineOfText(200).optional(),
  address: textBlock(500).optional(),
  tax_id: lineOfText(60).optional(),
});

export const newWorkspaceBody = z.strictObject({
  name: workspaceName,
  mode,
  currency: currencyCode,
  time_zone: timeZone,
});

export const workspace = z.object({
  id: publicId('wsp'),
  name: z.string(),
  mode,
  currency: z.string(),
  /** False once money was moved: what was booked until then means the currency it was in. */
  currency_can_change: z.boolean(),
  time_zone: z.string(),
  locale: z.string(),
  legal,
  switches: z.record(switchName, z.boolean()),
  has_sample: z.boolean(),
  /** The workspace's own now; in a sandbox the movable clock. */
  now: moment,
  version: z.number().int(),
  created_at: moment,
  /** Who asked, and what they may do here. */
  me: z.object({
    kind: z.enum(['member', 'api_key']),
    id: z.string(),
    name: z.string(),
    role: role.nullable(),
    rights: z.array(right),
  }),
});
export type Workspace = z.infer<typeof workspace>;

export const editWorkspaceBody = z.strictObject({
  name: workspaceName.optional(),
  currency: currencyCode.optional(),
  time_zone: timeZone.optional(),
  locale: locale.optional(),
  legal: legal.optional(),
});

// Members and invitations

export const member = z.object({
  id: publicId('mem'),
  user_id: publicId('usr'),
  name: z.string(),
  email: z.string(),
  role,
  rights: z.array(right),
  rights_granted: z.array(right),
  rights_withheld: z.array(right),
  created_at: moment,
});
export type Member = z.infer<typeof member>;
export const members = z.object({ data: z.array(member) });
export const memberParams = z.object({ id: z.string() });
export const editMemberBody = z.strictObject({
  role: role.optional(),
  rights_granted: z.array(right).max(RIGHTS.length).optional(),
  rights_withheld: z.array(right).max(RIGHTS.length).optional(),
});

export const invitation = z.object({
  id: publicId('ivt'),
  email: z.string(),
  role,
  invited_by: z.string(),
  created_at: moment,
  expires_at: moment,
});
export type Invitation = z.infer<typeof invitation>;
export const invitations = z.object({ data: z.array(invitation) });
/** The link is in this answer only: nothing but its hash is kept. */
export const newInvitation = invitation.extend({ link: z.string() });
export const inviteBody = z.strictObject({ email: emailAddress, role });
export const invitationByToken = z.object({
  workspace_name: z.string(),
  email: z.string(),
  role,
  invited_by: z.string(),
  has_account: z.boolean(),
});
/** With an account: its password. Without one: the name and the password it shall have. */
export const acceptanceBody = z.strictObject({ name: personName.optional(), password: givenPassword.optional() });

// Switches, limits, clock

export const switchState = z.object({
  name: switchName,
  label: z.string(),
  enabled: z.boolean(),
  changed_at: moment.nullable(),
  changed_by: z.string().nullable(),
});
export type SwitchState = z.infer<typeof switchState>;
export const switches = z.object({ data: z.array(switchState) });
export const switchParams = z.object({ name: z.string() });
export const switchBody = z.strictObject({ enabled: z.boolean() });

const limitsByCurrency = z.record(
  currencyCode,
  z.number().int('Whole minor units are expected.').min(0).max(999_999_999_999),
);
/** Most minor units in one charge, per role and for everybody ('workspace'); a currency that is absent has no limit. */
export const chargeLimits = z.strictObject({
  workspace: limitsByCurrency.optional(),
  owner: limitsByCurrency.optional(),
  admin: limitsByCurrency.optional(),
  staff: limitsByCurrency.optional(),
  viewer: limitsByCurrency.optional(),
});
export type ChargeLimits = z.infer<typeof chargeLimits>;

export const sandboxClock = z.object({ now: moment, offset_seconds: z.number().int() });
export const moveClockBody = z.strictObject({
  now: moment.refine((at) => /^(?:19|20|21)/.test(at), 'A moment between 1900 and 2199 is expected.').optional(),
  advance_seconds: z.number().int().min(0).max(1_600_000_000).optional(),
});

// API keys

export const apiKey = z.object({
  id: publicId('key'),
  name: z.string(),
  hint: z.string(),
  rights: z.array(right),
  created_by: z.string(),
  created_at: moment,
  last_used_on: localDate.nullable(),
});
export type ApiKey = z.infer<typeof apiKey>;
export const apiKeys = z.object({ data: z.array(apiKey) });
/** The token is in this answer only: nothing but its hash is kept. */
export const newApiKey = apiKey.extend({ token: z.string() });
export const newApiKeyBody = z.strictObject({
  name: lineOfText(80).min(1, 'Give the key a name, so that it can be told apart later.'),
  rights: z.array(right).min(1, 'A key without rights opens nothing.').max(RIGHTS.length),
});

// Audit log

export const auditEntry = z.object({
  id: publicId('aud'),
  at: moment,
  actor: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }),
  action: z.string(),
  subject: z.object({ kind: z.string(), id: z.string() }).nullable(),
  details: z.record(z.string(), z.unknown()),
  ip: z.string().nullable(),
  /** Its number in the chain; null in the first moments, before it is sealed. */
  seal: z.number().int().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditPage = page(auditEntry);
export const auditQuery = pageQuery.extend({
  /** Id of what it happened to, e.g. con_… */
  subject: z.string().max(40).optional(),
  /** Id of who did it: mem_… or key_… */
  actor: z.string().max(40).optional(),
  /** A whole action (switch.changed) or the part before its dot (switch). */
  action: z
    .string()
    .max(60)
    .regex(/^[a-z_]+(\.[a-z_]+)?$/, 'Such as switch or switch.changed.')
    .optional(),
});

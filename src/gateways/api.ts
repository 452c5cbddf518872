import { z } from 'zod';
import { moment, publicId } from '../foundation/api.ts';

/** What the gateways room takes and answers. Pure: the web program imports these schemas too. */

export const gatewayName = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[a-z][a-z0-9_]*$/, 'The name of a gateway, such as stripe.');

const enteredValues = z.record(z.string().max(60), z.string().max(2_000));

export const connectionField = z.object({
  name: z.string(),
  label: z.string(),
  secret: z.boolean(),
  required: z.boolean(),
  /** How such a value looks. */
  example: z.string(),
});

export const gatewayConnection = z.object({
  id: publicId('gwc'),
  gateway: z.string(),
  account: z.object({ ref: z.string(), name: z.string() }),
  mode: z.enum(['sandbox', 'live']),
  /** Field → value; secrets masked. */
  values: z.record(z.string(), z.string()),
  /** False where the envelope key that they are sealed with is missing: nothing goes through this connection then. */
  keys_readable: z.boolean(),
  /** Where the gateway sends its messages; shown to whoever may change settings. Null once disconnected. */
  event_address: z.string().nullable(),
  signing_secrets: z.array(z.object({ added_at: moment, expires_at: moment.nullable() })),
  connected_by: z.string(),
  connected_at: moment,
  rotated_by: z.string().nullable(),
  rotated_at: moment.nullable(),
  disconnected_by: z.string().nullable(),
  disconnected_at: moment.nullable(),
});
export type GatewayConnection = z.infer<typeof gatewayConnection>;

export const gateway = z.object({
  name: z.string(),
  label: z.string(),
  /** False for the sandbox gateway, which needs no account. */
  needs_connection: z.boolean(),
  usable: z.boolean(),
  /** New cards go there. */
  is_default: z.boolean(),
  fields: z.array(connectionField),
  /** Messages to subscribe the address to, in the gateway's own settings. */
  event_types: z.array(z.string()),
  connection: gatewayConnection.nullable(),
});
export type GatewayState = z.infer<typeof gateway>;
export const gateways = z.object({ data: z.array(gateway) });

export const gatewayConnections = z.object({ data: z.array(gatewayConnection) });
export const connectBody = z.object({ gateway: gatewayName, values: enteredValues });
export const rotateBody = z.object({ values: enteredValues });
export const chooseBody = z.object({ gateway: gatewayName });
export const connectionParams = z.object({ id: z.string() });

import { createHmac } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { hashSecret, newSecret } from '../../src/foundation/id.ts';
import { SIGNATURE_HEADER } from '../../src/gateways/scripted/scripted-gateway.ts';
import { insertEventAddress } from '../../src/gateways/store-connections.ts';
import { bundleProgram, runProgram } from '../setup/child-program.ts';
import { TEST_SECRET, testServer } from '../setup/server.ts';

vi.setConfig({ testTimeout: 120_000 });
const SIGNING_SECRET = createHmac('sha256', TEST_SECRET).update('sandbox gateway events').digest('hex');
const server = await testServer();
const program = await bundleProgram(join(import.meta.dirname, 'whole-server-program.ts'), { call: 'runWholeServer' });
afterAll(program.remove);

/** Senders at once, and messages that are answered before the server is killed: in the middle of everything. */
const SENDERS = 24;
const KILLED_AFTER = [40, 300, 900];

test.each(KILLED_AFTER)(
  'a server that is killed after %i messages has every message that it answered',
  async (killedAfter) => {
    const workspace = await server.workspace();
    const token = newSecret();
    await server.database.inGlobal((tx) => insertEventAddress(tx, hashSecret(token), workspace.id, 'scripted'));
    const running = runProgram(program.path, [JSON.stringify(server.database.connection), TEST_SECRET]);
    const [, address] = await running.line(/listening on (\S+)/);
    const acknowledged = new Set<string>();
    let sent = 0;

    async function sendUntilItIsGone(): Promise<void> {
      for (;;) {
        sent += 1;
        const id = `evt_${sent}`;
        const body = JSON.stringify({
          id,
          type: 'other',
          object: { kind: 'charge', ref: 'x', reference: workspace.id },
        });
        const at = Math.floor(Date.now() / 1000);
        const signature = `t=${at},v1=${createHmac('sha256', SIGNING_SECRET).update(`${at}.${body}`).digest('hex')}`;
        const answer = await fetch(`${address}/gateway-events/scripted/${token}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', [SIGNATURE_HEADER]: signature },
          body,
        }).catch(() => null);
        if (!answer) return;
        expect(answer.status).toBe(200);
        acknowledged.add(id);
        if (acknowledged.size === killedAfter) running.child.kill('SIGKILL');
      }
    }
    await Promise.all(Array.from({ length: SENDERS }, sendUntilItIsGone));
    expect(await running.ended).toBe('SIGKILL');
    expect(acknowledged.size).toBeGreaterThanOrEqual(killedAfter);
    expect(sent).toBeGreaterThan(acknowledged.size);

    const kept = await server.database.asOwner<{ event_ref: string }>(
      'SELECT event_ref FROM gateway_events WHERE workspace_id = $1',
      [workspace.id],
    );
    const refs = new Set(kept.map((row) => row.event_ref));
    expect([...acknowledged].filter((id) => !refs.has(id))).toEqual([]);
    // What it left unprocessed is worked off by whoever comes next.
    await server.rooms.payments.events.processWaiting(new Date(Date.now() + 120_000));
    const waiting = await server.database.asOwner(
      'SELECT 1 FROM gateway_events WHERE workspace_id = $1 AND processed_at IS NULL',
      [workspace.id],
    );
    expect(waiting).toEqual([]);
  },
);

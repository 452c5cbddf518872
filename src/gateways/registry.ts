import { check } from '../foundation/assert.ts';
import type { Gateway } from './gateway.ts';

/** The gateways of this program. To add one: a folder beside scripted/, a line where the registry is made (app/rooms.ts), and the conformance tests. */
export interface GatewayRegistry {
  /** Throws BrokenAssumption on a name no gateway has: names come from our own rows. */
  named(name: string): Gateway;
  /** The gateway that new cards of a workspace go to. */
  forMode(mode: 'sandbox' | 'live'): Gateway | null;
}

export function makeRegistry(gateways: readonly Gateway[]): GatewayRegistry {
  const byName = new Map(gateways.map((gateway) => [gateway.name, gateway]));
  return {
    named(name) {
      const gateway = byName.get(name);
      check(gateway, `a gateway is called ${name}`);
      return gateway;
    },
    forMode: (mode) => gateways.find((gateway) => gateway.modes.includes(mode)) ?? null,
  };
}

import type { MethodsOfAccounts } from '../gateways/connect-gateway.ts';
import { bringMethodsBack, markMethodsAway } from './store-methods.ts';

/** Saved methods follow their account: shown and not to be chosen while it is disconnected, usable again with it. */
export const METHODS_OF_ACCOUNTS: MethodsOfAccounts = {
  accountLeft: markMethodsAway,
  accountCame: bringMethodsBack,
};

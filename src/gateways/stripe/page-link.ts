import { createHmac, timingSafeEqual } from 'node:crypto';

export type PageKind = 'form' | 'confirm';

/**
 * Addresses of our pages for customers. Each carries a key of its own, derived from the program's secret, so that nobody
 * who knows an id of Stripe's can open the page behind it.
 */
export interface PageLinks {
  linkTo(kind: PageKind, workspaceId: string, ref: string): string;
  keyHolds(kind: PageKind, workspaceId: string, ref: string, key: string): boolean;
}

export function pageLinks(secret: string, publicUrl: () => string): PageLinks {
  const keyOf = (kind: PageKind, workspaceId: string, ref: string) =>
    createHmac('sha256', secret).update(`stripe page\n${kind}\n${workspaceId}\n${ref}`).digest('base64url');
  return {
    linkTo: (kind, workspaceId, ref) =>
      `${publicUrl()}/stripe-pages/${kind}/${workspaceId}/${encodeURIComponent(ref)}?key=${keyOf(kind, workspaceId, ref)}`,
    keyHolds(kind, workspaceId, ref, key) {
      const expected = Buffer.from(keyOf(kind, workspaceId, ref));
      const given = Buffer.from(key);
      return expected.length === given.length && timingSafeEqual(expected, given);
    },
  };
}

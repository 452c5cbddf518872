import { getRouteApi, Navigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useContactOverview } from './contact-queries.ts';

const route = getRouteApi('/w/$workspaceId/contacts/$contactId');

/** For the tabs that are about money: while payments are switched off, their addresses lead to the timeline. */
export function MoneyOnly({ children }: { children: ReactNode }) {
  const params = route.useParams();
  const overview = useContactOverview(params.contactId).data;
  if (!overview) return null;
  if (overview.money === null) return <Navigate to="/w/$workspaceId/contacts/$contactId" params={params} replace />;
  return children;
}

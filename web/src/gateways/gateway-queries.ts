import { useQuery, useQueryClient } from '@tanstack/react-query';
import { type GatewayState, gateways } from '../../../src/gateways/api.ts';
import { type GatewayImport, gatewayHealth, gatewayImports } from '../../../src/payments/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';

/** While an import runs its page is looked at; what it says should move. */
const IMPORT_EVERY_MS = 1_500;
/** A message that arrives should show up while somebody sets the address up over there. */
const HEALTH_EVERY_MS = 10_000;

export function useGateways() {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'gateways'],
    queryFn: ({ signal }) => api.get('/v1/gateways', gateways, { signal }),
  });
}

export function useGatewayHealth(gateway: GatewayState) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'gateways', gateway.name, 'health'],
    queryFn: ({ signal }) => api.get(`/v1/gateways/${gateway.name}/health`, gatewayHealth, { signal }),
    refetchInterval: HEALTH_EVERY_MS,
  });
}

/** The last import of a gateway; null when there was none. Asked again while it runs. */
export function useGatewayImport(gateway: GatewayState) {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'gateway-imports', gateway.name],
    queryFn: async ({ signal }): Promise<GatewayImport | null> => {
      const { data } = await api.get('/v1/gateway-imports', gatewayImports, { signal });
      return data.find((one) => one.gateway === gateway.name) ?? null;
    },
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? IMPORT_EVERY_MS : false),
  });
}

/** Everything that shows gateways is read anew. */
export function useRefreshGateways() {
  const { workspace } = useWorkspace();
  const queryClient = useQueryClient();
  return () =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: [workspace.id, 'gateways'] }),
      queryClient.invalidateQueries({ queryKey: [workspace.id, 'gateway-imports'] }),
    ]);
}

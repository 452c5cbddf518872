import { useQuery } from '@tanstack/react-query';
import { mailSettings, messageTemplates } from '../../../src/messages/api.ts';
import { useWorkspace } from '../app/workspace-context.ts';

/** How the workspace sends, with the ETag that an edit names. */
export function useMailSettings() {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'mail-settings'],
    queryFn: ({ signal }) => api.read('/v1/mail-settings', mailSettings, { signal }),
  });
}

/** Every kind of message with the words in force. */
export function useMessageTemplates() {
  const { api, workspace } = useWorkspace();
  return useQuery({
    queryKey: [workspace.id, 'message-templates'],
    queryFn: ({ signal }) => api.get('/v1/message-templates', messageTemplates, { signal }),
  });
}

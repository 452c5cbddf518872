import './styles.ts';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ReaderProvider } from '../ui/reader.tsx';
import { colourSchemeManager, cssVariables, theme } from '../ui/theme.ts';
import { onSignedOut } from './api-client.ts';
import { queryClient } from './query-client.ts';
import { router } from './router.tsx';

// A session can end while a page is open (signed out elsewhere, expired): sign in, then return to the same address.
onSignedOut(() => {
  const { pathname, href } = router.state.location;
  if (!pathname.startsWith('/w/')) return;
  queryClient.clear();
  void router.navigate({ to: '/sign-in', search: { return: href } });
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colourSchemeManager}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queryClient}>
        <ReaderProvider>
          <RouterProvider router={router} />
          <Notifications position="bottom-center" limit={3} containerWidth={400} transitionDuration={120} />
        </ReaderProvider>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);

import { QueryClient } from '@tanstack/react-query';
import { NetworkFailure } from './api-problem.ts';

/** How often a question without an answer is asked again before the page says so. */
const RETRY_COUNT_MAX = 2;

/**
 * Reads are asked again when no answer came, never when they were refused. Writes are never sent again by
 * themselves: whoever clicks decides, and what moves money carries its own key.
 */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failureCount, error) => error instanceof NetworkFailure && failureCount < RETRY_COUNT_MAX,
      retryDelay: (attempt) => 400 * 2 ** attempt,
    },
    mutations: { retry: false },
  },
});

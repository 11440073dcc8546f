import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '@/api';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A request without network fails at once, and the screen says so, instead of waiting silently.
      networkMode: 'always',
      retry: (count, error) =>
        count < 2 && error instanceof ApiError && (error.offline || error.status >= 500),
      retryDelay: (count) => 400 * 2 ** count,
    },
    mutations: { networkMode: 'always', retry: false },
  },
});

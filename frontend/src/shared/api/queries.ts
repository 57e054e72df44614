import { QueryClient } from "@tanstack/react-query";
import { asApiError } from "./errors";

/** Refusals are answers and are not asked for again; only a missing network or a server at fault is. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        retry: (count, error) => {
          const { status } = asApiError(error);
          return count < 2 && (status === 0 || status >= 502);
        },
      },
      mutations: { retry: false },
    },
  });
}

import { MantineProvider } from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { ReactNode } from "react";
import { MemoryRouter } from "react-router";
import { makeQueryClient } from "@/shared/api";
import { theme } from "@/shared/theme/theme";

/** Renders with what every page stands in: theme, queries, addresses. */
export function renderPage(page: ReactNode, address = "/") {
  return render(
    <MantineProvider theme={theme} env="test">
      <QueryClientProvider client={makeQueryClient()}>
        <MemoryRouter initialEntries={[address]}>{page}</MemoryRouter>
      </QueryClientProvider>
    </MantineProvider>,
  );
}

import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { useState } from "react";
import { RouterProvider } from "react-router";
import { api, makeQueryClient, onSignedOut } from "@/shared/api";
import { theme } from "@/shared/theme/theme";
import { makeRouter } from "./routes";

function start() {
  const queries = makeQueryClient();
  const { queryKey } = api.queryOptions("get", "/api/v1/session", {});
  // Whoever is signed out meets the sign-in page at the address where they were.
  onSignedOut(() => void queries.invalidateQueries({ queryKey }));
  return { queries, router: makeRouter() };
}

export function App() {
  const [{ queries, router }] = useState(start);
  return (
    <MantineProvider theme={theme} defaultColorScheme="light">
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-right" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  );
}

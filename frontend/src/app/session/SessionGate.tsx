import { Center, Loader } from "@mantine/core";
import { useEffect, useRef } from "react";
import { Outlet } from "react-router";
import { api } from "@/shared/api";
import { ErrorNotice } from "@/shared/components";
import { SessionContext } from "./context";
import { SignInPage } from "./SignInPage";

/** Pages are for people who are signed in; others meet the sign-in page, and afterwards the page they came for. */
export function SessionGate() {
  const { data, error, refetch } = api.useQuery(
    "get",
    "/api/v1/session",
    {},
    { staleTime: 5 * 60_000 },
  );
  const wasSignedIn = useRef(false);
  useEffect(() => {
    if (data?.authenticated) wasSignedIn.current = true;
  }, [data?.authenticated]);
  if (data?.person) {
    return (
      <SessionContext value={{ person: data.person, demo: data.demo }}>
        <Outlet />
      </SessionContext>
    );
  }
  if (data) return <SignInPage demo={data.demo} again={wasSignedIn.current} />;
  return (
    <Center h="100vh" p="xl">
      {error ? <ErrorNotice error={error} onRetry={() => void refetch()} /> : <Loader />}
    </Center>
  );
}

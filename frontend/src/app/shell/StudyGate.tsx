import { Center, Loader } from "@mantine/core";
import { Outlet, useParams } from "react-router";
import { api, asApiError } from "@/shared/api";
import { ErrorNotice } from "@/shared/components";
import { StudyContext } from "@/shared/study";
import { NotFoundPage } from "../pages/NotFoundPage";

export function StudyGate() {
  const { slug = "" } = useParams();
  const study = api.useQuery("get", "/api/v1/studies/{slug}", { params: { path: { slug } } });
  if (study.data) {
    return (
      <StudyContext value={study.data}>
        <Outlet />
      </StudyContext>
    );
  }
  if (study.error && asApiError(study.error).status === 404) {
    return (
      <main>
        <NotFoundPage />
      </main>
    );
  }
  return (
    <Center h="100vh" p="xl">
      {study.error ? <ErrorNotice error={study.error} onRetry={() => void study.refetch()} /> : <Loader />}
    </Center>
  );
}

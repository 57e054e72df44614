import { useStudy } from "@/shared/study";

/** Whether the labels' page is open to this person: who only reads notes stays blind to it. */
export function useShowsLabels(): boolean {
  const { roles } = useStudy();
  return roles.includes("coordinator") || roles.includes("administrator");
}

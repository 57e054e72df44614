import { api, type Schemas } from "@/shared/api";
import { answerOf, type Form, isComplete, type Session } from "./calls";
import { CONCLUSIONS } from "./findings";
import { t } from "./text";

export type MyRead = Schemas["MyRead"];
type Locked = Pick<MyRead, "call" | "confidence" | "conclusion">;

const READS = "/api/v1/reading/sessions/{session_id}/reads";
const paramsOf = (id: number) => ({ params: { path: { session_id: id } } });
export const readsKey = (id: number) => api.queryOptions("get", READS, paramsOf(id)).queryKey;

/** One's own answers: told when all are locked, or where one may go back to them. */
export function useMyReads(session: Session) {
  return api.useQuery("get", READS, paramsOf(session.id), { staleTime: 0 });
}

/** A read in the words of its form. */
export function saidOf({ call, confidence, conclusion }: Locked): string {
  const known = CONCLUSIONS.find((each) => each === conclusion);
  if (known) return t("reads.conclusion", { call: t(`answer.${call}`), conclusion: t(`conclusion.${known}`).toLowerCase() });
  if (!call) return t("reads.nothing");
  const said = t(`answer.${call}`);
  return confidence === null ? said : t("reads.sure", { call: said, confidence });
}

/** Whether a draft would be taken as it is. */
export function isWhole(form: Form, read: MyRead): boolean {
  if (read.state === "submitted" || read.state === "signed") return true;
  const { confidence, comment, findings } = read;
  // The schema knows no empty call; a case that nobody has begun has one.
  const call = (read.call as string) === "" ? null : read.call;
  return isComplete(answerOf(form, { call, confidence, comment, findings }));
}

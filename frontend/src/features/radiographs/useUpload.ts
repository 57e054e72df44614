import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { type Schemas, uploadFiles } from "@/shared/api";
import { useSlug } from "@/shared/study";
import { chunksOf } from "./chunks";

export interface SendingFile {
  id: number;
  file: File;
  size: number;
  state: "waiting" | "sending" | "sent" | "failed";
  error: unknown;
}

/** Sends files in requests one after another; each request is an upload of its own on the server. */
export function useUpload() {
  const slug = useSlug();
  const queries = useQueryClient();
  const [files, setFiles] = useState<SendingFile[]>([]);
  const [batches, setBatches] = useState<number[]>([]);
  const [bytesSent, setBytesSent] = useState(0);
  const waiting = useRef<SendingFile[][]>([]);
  const isSending = useRef(false);
  const lastId = useRef(0);

  const mark = (chunk: readonly SendingFile[], state: SendingFile["state"], error: unknown = null) => {
    const ids = new Set(chunk.map(({ id }) => id));
    setFiles((now) => now.map((each) => (ids.has(each.id) ? { ...each, state, error } : each)));
  };
  const sendOne = async (chunk: SendingFile[]) => {
    mark(chunk, "sending");
    const size = chunk.reduce((sum, file) => sum + file.size, 0);
    let reported = 0;
    const report = (part: number) => {
      const now = part * size;
      setBytesSent((sent) => sent + now - reported);
      reported = now;
    };
    const form = new FormData();
    for (const { file } of chunk) form.append("files", file, file.name);
    try {
      const batch = await uploadFiles<Schemas["IntakeBatchDetail"]>(`/api/v1/studies/${slug}/intake`, form, report);
      report(1);
      mark(chunk, "sent");
      setBatches((now) => [batch.id, ...now]);
    } catch (error) {
      report(0);
      mark(chunk, "failed", error);
    }
  };
  const work = async () => {
    if (isSending.current) return;
    isSending.current = true;
    for (let chunk = waiting.current.shift(); chunk; chunk = waiting.current.shift()) await sendOne(chunk);
    isSending.current = false;
    void queries.invalidateQueries({ predicate: ({ queryKey }) => /\/(intake|radiographs)$/.test(String(queryKey[1])) });
  };
  const add = (chosen: readonly File[]) => {
    const fresh = chosen.map((file): SendingFile => {
      lastId.current += 1;
      return { id: lastId.current, file, size: file.size, state: "waiting", error: null };
    });
    setFiles((now) => [...now, ...fresh]);
    waiting.current.push(...chunksOf(fresh));
    void work();
  };
  const sendFailedAgain = () => {
    const failed = files.filter(({ state }) => state === "failed");
    mark(failed, "waiting");
    waiting.current.push(...chunksOf(failed));
    void work();
  };
  return { files, batches, bytesSent, add, sendFailedAgain };
}

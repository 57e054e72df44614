import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState, useSyncExternalStore } from "react";
import { api, client, csrfToken, ApiError, uploadFiles, type Schemas } from "@/shared/api";
import { useSlug } from "@/shared/study";
import { type Part, type SendingFile, Uploader, type UploadServer } from "./uploader";

/** No more often than this, so that a thousand files do not keep the page busy with drawing. */
const REDRAW_MS = 250;

function serverOf(slug: string): UploadServer {
  const base = `/api/v1/studies/${slug}/intake`;
  return {
    known: async (sha256) => {
      const { data } = await client.POST("/api/v1/studies/{slug}/intake/known", { params: { path: { slug } }, body: { sha256 } });
      return (data ?? []).map((file) => file.sha256);
    },
    send: async (batch, files, onPart) => {
      const form = new FormData();
      for (const { file, name } of files) form.append("files", file, name);
      if (batch !== null) {
        await uploadFiles(`${base}/${batch}`, form, onPart);
        return batch;
      }
      return (await uploadFiles<Schemas["IntakeBatchDetail"]>(base, form, onPart)).id;
    },
    begin: async (batch, { name, size }, fingerprint) => {
      const { data } = await client.POST("/api/v1/studies/{slug}/intake/pieces", {
        params: { path: { slug } },
        body: { name, size, fingerprint, ...(batch === null ? {} : { batch }) },
      });
      if (!data) throw new ApiError("unexpected_answer", "", 0);
      return { id: data.id, batch: data.batch, received: data.received, isWhole: data.is_whole };
    },
    piece: (upload, offset, bytes, onPart) => putBytes(`${base}/pieces/${upload}?offset=${offset}`, bytes, onPart),
  };
}

function putBytes(url: string, bytes: Blob, onPart: (part: number) => void): Promise<Part> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.onprogress = (event) => event.lengthComputable && onPart(event.loaded / event.total);
    request.onerror = () => reject(new ApiError("offline", "", 0));
    request.onload = () => {
      const body = JSON.parse(request.responseText || "{}") as Schemas["PartialUpload"] & { code?: string; message?: string };
      if (request.status < 300) resolve({ id: body.id, batch: body.batch, received: body.received, isWhole: body.is_whole });
      else reject(new ApiError(body.code ?? "unexpected_answer", body.message ?? "", request.status));
    };
    request.send(bytes);
  });
}

/** The uploader as something to draw from: it changes often, and is drawn a few times a second. */
class Watched {
  version = 0;
  private readonly listeners = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  readonly uploader: Uploader;

  constructor(slug: string) {
    this.uploader = new Uploader(serverOf(slug), () => this.changed());
  }

  subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  private changed(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.version += 1;
      for (const listener of this.listeners) listener();
    }, REDRAW_MS);
  }
}

export interface UploadProgress {
  files: readonly SendingFile[];
  batch: number | null;
  isBusy: boolean;
  uploader: Uploader;
}

export function useUpload(): UploadProgress {
  const slug = useSlug();
  const queries = useQueryClient();
  const [watched] = useState(() => new Watched(slug));
  useSyncExternalStore(watched.subscribe, () => watched.version);
  const { uploader } = watched;
  const { files, batch, isBusy } = uploader;
  useEffect(() => {
    if (isBusy) return;
    const { queryKey } = api.queryOptions("get", "/api/v1/studies/{slug}/intake", { params: { path: { slug } } });
    void queries.invalidateQueries({ queryKey });
  }, [isBusy, queries, slug]);
  // Closing the tab in the middle is asked about; what was sent stays in any case.
  useEffect(() => {
    if (!isBusy) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [isBusy]);
  return { files, batch, isBusy, uploader };
}

import { Alert, Button, NativeSelect, Progress, Stack, Table, Text } from "@mantine/core";
import { IconFolder } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { asApiError, type Schemas, uploadFiles } from "@/shared/api";
import { ErrorNotice, Panel, TextLink } from "@/shared/components";
import { useSlug } from "@/shared/study";
import { type ChosenFile, fromInput } from "./chosenFiles";
import { chunksOf } from "./chunks";
import { t } from "./text";

type Received = Schemas["LabelledPicturesReceived"];
type Class = "loose" | "well_fixed" | "";
const CLASSES: readonly Class[] = ["", "loose", "well_fixed"];

/** The folder directly below the chosen one, which stands for a class. */
const folderOf = ({ name }: ChosenFile): string => name.split("/").slice(1, -1)[0] ?? "";

export function guessedClass(folder: string): Class {
  const plain = folder.toLowerCase().replace(/[\s_.-]+/g, "");
  if (/^(loose|loosened|loosening|asepticloosening)$/.test(plain)) return "loose";
  return /^(wellfixed|fixed|control|controls|normal|stable|notloose|nonloose)$/.test(plain) ? "well_fixed" : "";
}

/** Pictures as public sets bring them: one folder a class. */
export function ClassFolders() {
  const input = useRef<HTMLInputElement>(null);
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const [classes, setClasses] = useState<Record<string, Class>>({});
  const sending = useSending();
  const folders = [...new Set(files.map(folderOf))].filter(Boolean).sort();
  const isReady = (["loose", "well_fixed"] as const).every((value) => folders.some((folder) => classes[folder] === value));
  const choose = (list: FileList | null) => {
    const chosen = fromInput(list);
    setFiles(chosen);
    setClasses(Object.fromEntries(chosen.map((file) => [folderOf(file), guessedClass(folderOf(file))])));
  };
  return (
    <Panel title={t("classes.title")} lead={t("classes.lead")}>
      <Stack gap="sm" align="flex-start">
        <Button variant="default" leftSection={<IconFolder size={15} />} onClick={() => input.current?.click()}>
          {t("classes.choose")}
        </Button>
        <input
          ref={input}
          type="file"
          multiple
          hidden
          aria-label={t("classes.label")}
          {...{ webkitdirectory: "" }}
          onChange={(event) => {
            choose(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
        {files.length > 0 && folders.length === 0 && <Alert color="orange">{t("classes.no_folders")}</Alert>}
        {folders.length > 0 && (
          <>
            <Table maw={620}>
              <Table.Tbody>
                {folders.map((folder) => (
                  <Table.Tr key={folder}>
                    <Table.Th scope="row">{folder}</Table.Th>
                    <Table.Td>{t("batch.files", { count: files.filter((file) => folderOf(file) === folder).length })}</Table.Td>
                    <Table.Td w={210}>
                      <NativeSelect
                        size="xs"
                        aria-label={t("classes.of", { folder })}
                        value={classes[folder] ?? ""}
                        onChange={(event) => setClasses({ ...classes, [folder]: event.currentTarget.value as Class })}
                        data={CLASSES.map((value) => ({ value, label: t(`classes.${value || "left_out"}`) }))}
                      />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
            <Button
              disabled={!isReady}
              loading={sending.isBusy}
              onClick={() => void sending.send(files.map((file) => ({ ...file, value: classes[folderOf(file)] ?? "" })))}
            >
              {t("classes.import")}
            </Button>
          </>
        )}
        <Outcome {...sending} />
      </Stack>
    </Panel>
  );
}

function Outcome({ isBusy, part, total, error }: ReturnType<typeof useSending>) {
  const slug = useSlug();
  return (
    <>
      {isBusy && <Progress w="100%" value={100 * part} animated aria-label={t("upload.progress")} />}
      <ErrorNotice error={error} />
      {total && !isBusy && (
        <Text size="sm" role="status">
          {t("classes.done", total)}{" "}
          <TextLink to={`/studies/${slug}/radiographs/uploads/${total.batch}`}>{t("batches.name", { id: String(total.batch) })}</TextLink>
        </Text>
      )}
    </>
  );
}

interface Labelled extends ChosenFile {
  value: Class;
}

function useSending() {
  const slug = useSlug();
  const queries = useQueryClient();
  const [part, setPart] = useState(0);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [total, setTotal] = useState<Received | null>(null);
  const send = async (all: readonly Labelled[]) => {
    const wanted = all.filter(({ value }) => value !== "");
    setBusy(true);
    setError(null);
    let sum: Received | null = null;
    let done = 0;
    try {
      for (const value of ["loose", "well_fixed"] as const) {
        const sized = wanted.filter((file) => file.value === value).map((file) => ({ ...file, size: file.file.size }));
        for (const chunk of chunksOf(sized)) {
          const form = new FormData();
          for (const { file, name } of chunk) form.append("files", file, name);
          form.append("value", value);
          if (sum?.received) form.append("batch", String(sum.batch));
          sum = added(sum, await uploadFiles<Received>(`/api/v1/studies/${slug}/labelled-pictures`, form));
          done += chunk.length;
          setPart(done / wanted.length);
        }
      }
    } catch (failure) {
      setError(asApiError(failure));
    }
    setTotal(sum);
    setBusy(false);
    void queries.invalidateQueries({ predicate: ({ queryKey }) => /\/(intake|radiographs|labels)$/.test(String(queryKey[1])) });
  };
  return { send, part, isBusy, error, total };
}

function added(sum: Received | null, more: Received): Received {
  if (!sum) return more;
  return {
    batch: sum.received ? sum.batch : more.batch,
    received: sum.received + more.received,
    known: sum.known + more.known,
    in_both_classes: sum.in_both_classes + more.in_both_classes,
  };
}

import { Button, Group, Table, Text } from "@mantine/core";
import { useState } from "react";
import { useParams } from "react-router";
import { api, type Schemas } from "@/shared/api";
import { Loaded, Page, Panel } from "@/shared/components";
import { dateTime } from "@/shared/messages";
import { RadiographViewer } from "@/shared/viewer";
import { DecideForm } from "./DecideForm";
import { SignDialog } from "./SignDialog";
import { t } from "./text";

type Meeting = Schemas["MeetingDetail"];
type Case = Schemas["ConsensusCase"];

export function Component() {
  const id = Number(useParams().meetingId);
  const meeting = api.useQuery("get", "/api/v1/reading/consensus/{meeting_id}", { params: { path: { meeting_id: id } } }, { staleTime: 0 });
  return (
    <Loaded query={meeting} height={480}>
      {(found) => <Room meeting={found} onChanged={() => void meeting.refetch()} />}
    </Loaded>
  );
}

function Room({ meeting, onChanged }: { meeting: Meeting; onChanged: () => void }) {
  const [position, setPosition] = useState(() => meeting.items.find(({ is_decided }) => !is_decided)?.position ?? 1);
  const [signing, setSigning] = useState(false);
  const code = meeting.items.find((item) => item.position === position)?.code ?? null;
  const sign = meeting.state === "open" && (
    <Button onClick={() => setSigning(true)} disabled={meeting.decided < meeting.total}>
      {t("sign")}
    </Button>
  );
  return (
    <Page title={meeting.title} lead={t("meeting_lead")} actions={sign}>
      <Panel title={t("cases")} lead={t("decided", { decided: meeting.decided, total: meeting.total })}>
        <Group gap={6}>
          {meeting.items.map((item) => (
            <Button
              key={item.position}
              size="compact-sm"
              variant={item.position === position ? "filled" : item.is_decided ? "light" : "default"}
              aria-label={t(item.is_decided ? "case_decided" : "case", { position: item.position })}
              aria-pressed={item.position === position}
              onClick={() => setPosition(item.position)}
            >
              {String(item.position)}
            </Button>
          ))}
        </Group>
        {meeting.signed_at && <Text mt="sm">{t("signed_at", { when: dateTime(meeting.signed_at) })}</Text>}
      </Panel>
      {code && <OneCase key={code} code={code} onDecided={onChanged} />}
      <SignDialog meeting={meeting} opened={signing} onClose={() => setSigning(false)} onSigned={onChanged} />
    </Page>
  );
}

function OneCase({ code, onDecided }: { code: string; onDecided: () => void }) {
  const query = api.useQuery("get", "/api/v1/reading/consensus/cases/{code}", { params: { path: { code } } });
  const picture = (kind: "preview" | "full_depth") => `/api/v1/reading/consensus/cases/${code}/image/${kind}`;
  return (
    <Loaded query={query} height={640}>
      {(found) => (
        <>
          <Panel flush>
            <RadiographViewer
              image={found.image}
              previewUrl={picture("preview")}
              fullDepthUrl={picture("full_depth")}
              height={560}
              keyboard={false}
            />
          </Panel>
          <Panel title={t("said_before")} flush>
            <Said found={found} />
          </Panel>
          <Panel title={t("together")}>
            <DecideForm found={found} onDecided={onDecided} />
          </Panel>
        </>
      )}
    </Loaded>
  );
}

function Said({ found }: { found: Case }) {
  return (
    <Table horizontalSpacing="md" className="numbers">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("reader")}</Table.Th>
          <Table.Th>{t("call")}</Table.Th>
          <Table.Th>{t("how_sure")}</Table.Th>
          <Table.Th>{t("comment")}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {found.said_before.map(({ reader_name, call, confidence, conclusion, comment }) => (
          <Table.Tr key={reader_name}>
            <Table.Td>{reader_name}</Table.Td>
            <Table.Td>{t(call)}</Table.Td>
            <Table.Td>{confidence ?? conclusion.replaceAll("_", " ")}</Table.Td>
            <Table.Td>{comment}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

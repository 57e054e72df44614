import { ActionIcon, Alert, Badge, Button, Group, Menu, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconCheck, IconClock, IconDots, IconDownload, IconEye, IconPencil, IconPlus, IconSnowflake } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { api, asApiError } from "@/shared/api";
import { EmptyState, Loaded, Page, Panel } from "@/shared/components";
import { dateTime } from "@/shared/messages";
import { partWord } from "@/shared/runs";
import { useSlug, useStudy } from "@/shared/study";
import { AmendDialog } from "./AmendDialog";
import { ConsensusDialog } from "./ConsensusDialog";
import { CopyDialog } from "./CopyDialog";
import { FreezeDialog } from "./FreezeDialog";
import { Oversight } from "./Oversight";
import { ProtocolDialog } from "./ProtocolDialog";
import { type Protocol, unsigned } from "./progress";
import { t } from "./text";
import { UnblindDialog } from "./UnblindDialog";
import { protocolAddress, useChanged } from "./useProtocols";

type Asked = "change" | "freeze" | "amend" | "copy" | "consensus" | "unblind" | null;

export function Component() {
  const study = useStudy();
  const [making, setMaking] = useState(false);
  const query = api.useQuery(
    "get",
    "/api/v1/studies/{slug}/protocols",
    { params: { path: { slug: study.slug } } },
    { refetchInterval: 15_000, staleTime: 0 },
  );
  const isAdministrator = study.roles.includes("administrator");
  const make = isAdministrator && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {t("new")}
    </Button>
  );
  return (
    <Page title={t("title")} lead={t("lead")} actions={make}>
      {!isAdministrator && <Text className="muted">{t("only_administrators")}</Text>}
      <Loaded query={query} height={320}>
        {(protocols) =>
          protocols.length === 0 ? (
            <Panel>
              <EmptyState title={t("empty")} detail={t("empty_detail")} action={make} />
            </Panel>
          ) : (
            [...protocols].reverse().map((protocol) => (
              <OneProtocol key={protocol.id} protocol={protocol} isAdministrator={isAdministrator} />
            ))
          )
        }
      </Loaded>
      {isAdministrator && <ProtocolDialog opened={making} onClose={() => setMaking(false)} />}
    </Page>
  );
}

const STATUS = { draft: { colour: "orange", word: "draft" }, open: { colour: "gray", word: "blinded" }, unblinded: { colour: "teal", word: "unblinded" } } as const;

function OneProtocol({ protocol, isAdministrator }: { protocol: Protocol; isAdministrator: boolean }) {
  const [asked, setAsked] = useState<Asked>(null);
  const { colour, word } = STATUS[protocol.status];
  const close = () => setAsked(null);
  return (
    <Panel
      flush
      title={
        <Group gap="xs" component="span" display="inline-flex">
          {protocol.title}
          <Badge color={colour}>{t(word)}</Badge>
          {protocol.version > 1 && <Badge color="gray">{t("protocol_version", { version: protocol.version })}</Badge>}
        </Group>
      }
      lead={t("of_version", { part: partWord(protocol.part), number: protocol.dataset_version })}
      actions={isAdministrator && <Actions protocol={protocol} ask={setAsked} />}
    >
      <Standing protocol={protocol} />
      <Oversight key={protocol.status} protocol={protocol} isAdministrator={isAdministrator} />
      <UnblindDialog protocol={protocol} opened={asked === "unblind"} onClose={close} />
      {isAdministrator && <ProtocolDialog draft={protocol} opened={asked === "change"} onClose={close} />}
      <FreezeDialog protocol={protocol} opened={asked === "freeze"} onClose={close} />
      <AmendDialog key={protocol.version} protocol={protocol} opened={asked === "amend"} onClose={close} />
      <CopyDialog protocol={protocol} opened={asked === "copy"} onClose={close} />
      <ConsensusDialog protocol={protocol} opened={asked === "consensus"} onClose={close} />
    </Panel>
  );
}

function Actions({ protocol, ask }: { protocol: Protocol; ask: (what: Asked) => void }) {
  const slug = useSlug();
  return (
    <Group gap="xs">
      <MainActions protocol={protocol} ask={ask} />
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="default" size="lg" aria-label={t("more", { title: protocol.title })}>
            <IconDots size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {protocol.status === "open" && <Menu.Item onClick={() => ask("amend")}>{t("amend")}</Menu.Item>}
          {protocol.status === "open" && protocol.consensus_wanted && (
            <Menu.Item onClick={() => ask("consensus")}>{t("consensus_plan")}</Menu.Item>
          )}
          <Menu.Item onClick={() => ask("copy")}>{t("copy")}</Menu.Item>
          <Menu.Item
            component="a"
            href={`${protocolAddress(slug, protocol.id)}/export`}
            leftSection={<IconDownload size={14} />}
          >
            {t("export")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

function MainActions({ protocol, ask }: { protocol: Protocol; ask: (what: Asked) => void }): ReactNode {
  if (protocol.status === "draft") {
    return (
      <>
        <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => ask("change")}>
          {t("change")}
        </Button>
        <Button leftSection={<IconSnowflake size={16} />} onClick={() => ask("freeze")} disabled={protocol.assigned.length === 0}>
          {t("freeze")}
        </Button>
      </>
    );
  }
  if (protocol.status === "unblinded") return null;
  return (
    <>
      <Remind protocol={protocol} />
      <Button leftSection={<IconEye size={16} />} onClick={() => ask("unblind")}>
        {t("unblind")}
      </Button>
    </>
  );
}

function Remind({ protocol }: { protocol: Protocol }) {
  const slug = useSlug();
  const changed = useChanged();
  const remind = api.useMutation("post", "/api/v1/studies/{slug}/protocols/{protocol_id}/remind", {
    onSuccess: ({ reminded }) => {
      changed();
      notifications.show({ message: t("reminded", { names: reminded.join(", ") }) });
    },
    onError: (error) => notifications.show({ color: "red", message: asApiError(error).message }),
  });
  return (
    <Button
      variant="default"
      loading={remind.isPending}
      onClick={() => remind.mutate({ params: { path: { slug, protocol_id: protocol.id } }, body: { readers: [] } })}
    >
      {t("remind")}
    </Button>
  );
}

/** What keeps the protocol blinded, or who ended that and why. */
function Standing({ protocol }: { protocol: Protocol }) {
  if (protocol.status === "draft") {
    return (
      <Alert color="orange" variant="light" mx="md" mb="xs" icon={<IconPencil />}>
        {t(protocol.assigned.length === 0 ? "draft_without_readers" : "draft_waits")}
      </Alert>
    );
  }
  if (protocol.status === "unblinded") {
    const by = protocol.unblinded_by ?? t("by_program");
    const when = protocol.unblinded_at ? dateTime(protocol.unblinded_at) : "";
    return (
      <Alert color="gray" variant="light" mx="md" mb="xs" icon={<IconEye />} title={t("unblinded_by", { name: by, when })}>
        {t("reason_was", { reason: protocol.unblinding_reason })}
        {protocol.absences_explained && <Text size="sm">{t("absences_were", { text: protocol.absences_explained })}</Text>}
      </Alert>
    );
  }
  const missing = unsigned(protocol);
  if (missing.length === 0) {
    return (
      <Alert color="teal" variant="light" mx="md" mb="xs" icon={<IconCheck />}>
        {t("all_signed")}
      </Alert>
    );
  }
  const names = [...new Set(missing.map(({ reader }) => reader))].join(", ");
  return (
    <Alert color="gray" variant="light" mx="md" mb="xs" icon={<IconClock />}>
      {t("missing", { count: missing.length, all: protocol.readers.length, names })}
    </Alert>
  );
}

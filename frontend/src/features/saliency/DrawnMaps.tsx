import { Anchor } from "@mantine/core";
import type { Schemas } from "@/shared/api";
import { type Column, DataTable, Panel, StatusBadge } from "@/shared/components";
import { number } from "@/shared/messages";
import { labelWord, partWord } from "@/shared/runs";
import { methodTitle, t } from "./text";

type Map = Schemas["Map"];

interface DrawnMapsProps {
  maps: Schemas["Maps"];
  onShow: (choice: { case: number; method: string }) => void;
}

export function DrawnMaps({ maps, onShow }: DrawnMapsProps) {
  const caseOf = (map: Map) => maps.cases.find((one) => one.case === map.case);
  const columns: Column<Map>[] = [
    {
      key: "case",
      label: t("case"),
      value: (map) => map.case,
      show: (map) => (
        <Anchor component="button" type="button" onClick={() => onShow({ case: map.case, method: map.method })}>
          {t("case") + " " + number(map.case)}
        </Anchor>
      ),
    },
    { key: "method", label: t("method"), value: ({ method }) => method, show: ({ method }) => methodTitle(method) },
    { key: "label", label: t("reference"), value: (map) => labelWord(caseOf(map)?.label ?? "") },
    { key: "part", label: t("part"), value: (map) => partWord(caseOf(map)?.part ?? "") },
    { key: "state", label: t("state"), value: ({ job }) => job.status, show: ({ job }) => <StatusBadge status={job.status} /> },
    { key: "logit", label: t("logit"), value: ({ logit }) => logit, show: ({ logit }) => (logit == null ? "–" : number(logit, 3)), number: true },
    {
      key: "raw_maximum",
      label: t("raw_maximum"),
      value: ({ raw_maximum }) => raw_maximum,
      show: ({ raw_maximum }) => (raw_maximum == null ? "–" : raw_maximum.toPrecision(3)),
      number: true,
    },
  ];
  return (
    <Panel title={t("drawn")} lead={t("drawn_lead")} flush>
      <DataTable rows={maps.maps} columns={columns} rowKey={({ id }) => id} exportName="saliency-maps" />
    </Panel>
  );
}

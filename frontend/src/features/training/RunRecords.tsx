import { Badge, Table, Text } from "@mantine/core";
import { api, type Schemas } from "@/shared/api";
import { Panel } from "@/shared/components";
import { dateTime, hasMessage, textOf } from "@/shared/messages";
import { Hash } from "@/shared/runs";
import { useSlug } from "@/shared/study";
import { asText, grouped, isSame } from "./form";
import { fieldLabel, t } from "./text";
import classes from "./training.module.css";

type Run = Schemas["RunDetail"];

export function Configuration({ run }: { run: Run }) {
  const slug = useSlug();
  const choices = api.useQuery("get", "/api/v1/studies/{slug}/training/choices", { params: { path: { slug } } });
  const preset = choices.data?.presets.find(({ name }) => name === run.preset)?.values;
  const groups = choices.data ? grouped(choices.data.fields) : [];
  const names = groups.length
    ? groups.flatMap(({ fields }) => fields.map(({ name }) => name))
    : Object.keys(run.configuration).filter((name) => name !== "backbone");
  return (
    <Panel title={t("configuration")} lead={t("configuration_lead")} flush>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {["backbone", ...names].map((name) => {
            const value = asText(run.configuration[name]);
            const changed = name !== "backbone" && preset && !isSame(value, preset[name]);
            return (
              <Table.Tr key={name}>
                <Table.Td className="muted">{fieldLabel(name)}</Table.Td>
                <Table.Td ta="right" className={changed ? classes.changed : undefined}>
                  {changed && (
                    <Badge size="sm" mr="xs" title={t("default", { value: asText(preset[name]) })}>
                      {t("changed")}
                    </Badge>
                  )}
                  {value}
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

export function Log({ run }: { run: Run }) {
  return (
    <Panel title={t("log")}>
      {run.log.length === 0 ? (
        <Text className="muted">{t("log_empty")}</Text>
      ) : (
        // A list that scrolls must be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <ol className={classes.log} tabIndex={0} aria-label={t("log")}>
          {[...run.log].reverse().map(({ at, kind, message }) => (
            <li key={at + kind}>
              <time dateTime={at} title={dateTime(at)}>
                {new Date(at).toISOString().slice(11, 19)}
              </time>
              {message}
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}

export function Hashes({ run }: { run: Run }) {
  const weights = run.environment.weights_sha256;
  const rows = [
    [t("hash_dataset"), run.dataset_sha256],
    [t("hash_configuration"), run.configuration_sha256],
    [t("hash_model"), run.model_sha256],
    [t("hash_weights"), typeof weights === "string" ? weights : ""],
  ] as const;
  return (
    <Panel title={t("hashes")} flush>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {rows.map(([label, value]) => (
            <Table.Tr key={label}>
              <Table.Td className="muted">{label}</Table.Td>
              <Table.Td ta="right">
                <Hash value={value} digits={12} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

const HIDDEN = ["weights_sha256"];

export function Environment({ run }: { run: Run }) {
  const entries = Object.entries(run.environment).filter(([name, value]) => !HIDDEN.includes(name) && value != null);
  return (
    <Panel title={t("environment")} lead={entries.length ? t("environment_lead") : t("environment_waiting")} flush>
      <Table verticalSpacing={4}>
        <Table.Tbody>
          {entries.map(([name, value]) => (
            <Table.Tr key={name}>
              <Table.Td className="muted">{environmentLabel(name)}</Table.Td>
              <Table.Td ta="right" style={{ whiteSpace: "pre-line" }}>
                {environmentText(value)}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}

function environmentLabel(name: string): string {
  const key = `training.env.${name}`;
  return hasMessage(key) ? textOf(key) : name.replaceAll("_", " ");
}

function environmentText(value: unknown): string {
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  if (Array.isArray(value)) return value.length ? value.map(asText).join(", ") : t("none");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .filter(([, version]) => version != null)
      .map(([name, version]) => `${name.replaceAll("_", "-")} ${asText(version)}`)
      .join("\n");
  }
  return asText(value);
}

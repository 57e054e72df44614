import { Group, TagsInput, Text } from "@mantine/core";
import { IconAlertCircle } from "@tabler/icons-react";
import { useState } from "react";
import { knownCodes, meaningOf } from "./codes";
import { tidyCodes } from "./rules";
import { t } from "./text";
import classes from "./rules.module.css";

interface CodeInputProps {
  label: string;
  about?: string;
  codes: readonly string[];
  onChange: (codes: string[]) => void;
  error?: string;
  /** Which known codes are proposed while typing. */
  system: "cpt" | "icd10cm" | "modifier";
  required?: boolean;
}

/** Codes as tags, each with what it means beside it. Enter, comma or space ends a code; backspace takes the last. */
export function CodeInput({ label, about, codes, onChange, error, system, required }: CodeInputProps) {
  const [typed, setTyped] = useState("");
  const wanted = typed.trim().toLowerCase();
  const fits = (code: string) => code.toLowerCase().startsWith(wanted) || meaningOf(code).toLowerCase().includes(wanted);
  // Nothing is proposed before something is typed: a list would lie over what is said of the codes below.
  const proposed = wanted ? knownCodes(system).filter((code) => !codes.includes(code) && fits(code)) : [];
  return (
    <div>
      <TagsInput
        label={label}
        description={about}
        value={[...codes]}
        onChange={(values) => onChange(tidyCodes(values))}
        data={proposed}
        filter={({ options }) => options}
        searchValue={typed}
        onSearchChange={setTyped}
        renderOption={({ option }) => (
          <Group gap="xs" wrap="nowrap">
            <span className={classes.code}>{option.value}</span>
            <Text size="xs" className="muted" truncate>
              {meaningOf(option.value)}
            </Text>
          </Group>
        )}
        splitChars={[",", " ", ";"]}
        acceptValueOnBlur
        clearable={false}
        limit={12}
        maxLength={40}
        error={error}
        required={required}
        withAsterisk={false}
        placeholder={codes.length === 0 ? t("edit.no_codes") : ""}
      />
      {codes.length > 0 && system !== "modifier" && (
        <dl className={classes.meanings} aria-label={t("edit.meanings", { label })}>
          {codes.map((code) => {
            const meaning = meaningOf(code);
            return (
              <div key={code}>
                <dt className={classes.code}>{code}</dt>
                <dd data-unknown={meaning === ""}>
                  {meaning === "" && <IconAlertCircle size={13} aria-hidden />}
                  {meaning || t("edit.unknown_code")}
                </dd>
              </div>
            );
          })}
        </dl>
      )}
    </div>
  );
}

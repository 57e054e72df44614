import { SimpleGrid } from "@mantine/core";
import { Panel } from "@/shared/components";
import { number, percent } from "@/shared/messages";
import { labelWord } from "@/shared/runs";
import type { Rater } from "./figures";
import { RaterName } from "./RaterTable";
import { t } from "./text";
import classes from "./comparison.module.css";

export function Confusion({ raters }: { raters: readonly Rater[] }) {
  return (
    <Panel title={t("confusion")} lead={t("confusion_lead")}>
      <SimpleGrid cols={{ base: 2, md: 3, lg: 4 }} spacing="xl" verticalSpacing="xl">
        {raters.map((rater) => (
          <div key={rater.key}>
            <RaterName rater={rater} />
            <Matrix rater={rater} />
          </div>
        ))}
      </SimpleGrid>
    </Panel>
  );
}

function Matrix({ rater: { name, tp, fp, fn, tn } }: { rater: Rater }) {
  return (
    <table className={classes.matrix} aria-label={`${t("confusion")}: ${name}`}>
      <thead>
        <tr>
          <td />
          <th scope="col">{t("called") + " " + labelWord("loose").toLowerCase()}</th>
          <th scope="col">{t("called") + " " + labelWord("well_fixed").toLowerCase()}</th>
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">{labelWord("loose")}</th>
          <Cell count={tp} of={tp + fn} right />
          <Cell count={fn} of={tp + fn} />
        </tr>
        <tr>
          <th scope="row">{labelWord("well_fixed")}</th>
          <Cell count={fp} of={fp + tn} />
          <Cell count={tn} of={fp + tn} right />
        </tr>
      </tbody>
    </table>
  );
}

/** Shaded by the share of its row; the number says it as well. */
function Cell({ count, of, right }: { count: number; of: number; right?: boolean }) {
  const share = of ? count / of : 0;
  return (
    <td
      style={{
        background: `color-mix(in srgb, var(${right ? "--cell-right" : "--cell-wrong"}) ${Math.round(share * 42)}%, transparent)`,
      }}
    >
      <b>{number(count)}</b>
      <span>{of ? percent(share) : t("undefined")}</span>
    </td>
  );
}

import { Button, Checkbox, Group, Slider, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTitle, When } from "@/shared/components";
import { number } from "@/shared/messages";
import { useDarkRoom } from "@/shared/theme/useDarkRoom";
import { CARD_MILLIMETRES, FIVE_PERCENT, GREY_STEPS, type MonitorCheck, NINETY_FIVE_PERCENT, storeCheck, storedCheck } from "./monitor";
import { Sheet } from "./Sheet";
import { t } from "./text";
import classes from "./monitor.module.css";

/** What CSS takes a millimetre for; a real monitor differs. */
const PIXELS_PER_MILLIMETRE = 96 / 25.4;
const grey = (level: number) => `rgb(${level} ${level} ${level})`;

/** Whether this monitor shows the ends of the grey scale, and how large a millimetre is on it. */
export function Component() {
  useDarkRoom();
  useTitle(t("monitor.title"));
  const [check, setCheck] = useState(storedCheck);
  const [seesDark, setSeesDark] = useState(check?.sees_dark ?? false);
  const [seesBright, setSeesBright] = useState(check?.sees_bright ?? false);
  const [scale, setScale] = useState(check?.pixels_per_millimetre ?? null);
  const save = () => {
    const next: MonitorCheck = {
      checked_at: new Date().toISOString(),
      sees_dark: seesDark,
      sees_bright: seesBright,
      pixels_per_millimetre: scale,
    };
    storeCheck(next);
    setCheck(next);
  };
  return (
    <div className={classes.dark}>
      <Sheet title={t("monitor.title")} lead={t("monitor.lead")} wide>
        <Stack gap="xl">
          <GreySteps />
          <Ends seesDark={seesDark} seesBright={seesBright} onDark={setSeesDark} onBright={setSeesBright} />
          <Card scale={scale} onScale={setScale} />
          <Group>
            <Button size="md" onClick={save}>
              {t("monitor.save")}
            </Button>
            <Text size="sm" className="muted" role="status">
              {check ? <Saved check={check} /> : t("monitor.never")}
            </Text>
          </Group>
        </Stack>
      </Sheet>
    </div>
  );
}

function Saved({ check }: { check: MonitorCheck }) {
  return (
    <>
      {t("monitor.saved")} <When at={check.checked_at} />
      {" · "}
      {t(check.sees_dark && check.sees_bright ? "monitor.good" : "monitor.bad")}
    </>
  );
}

function GreySteps() {
  return (
    <section aria-labelledby="grey-steps">
      <h2 id="grey-steps" className={classes.heading}>
        {t("monitor.steps")}
      </h2>
      <div className={classes.steps} role="img" aria-label={t("monitor.steps_about")}>
        {GREY_STEPS.map((level) => (
          <span key={level} style={{ background: grey(level) }} />
        ))}
      </div>
      <Text size="sm" className="muted" mt={6}>
        {t("monitor.steps_about")}
      </Text>
    </section>
  );
}

interface EndsProps {
  seesDark: boolean;
  seesBright: boolean;
  onDark: (sees: boolean) => void;
  onBright: (sees: boolean) => void;
}

function Ends({ seesDark, seesBright, onDark, onBright }: EndsProps) {
  return (
    <section aria-labelledby="ends">
      <h2 id="ends" className={classes.heading}>
        {t("monitor.ends")}
      </h2>
      <div className={classes.ends}>
        <div>
          <div className={classes.square} style={{ background: grey(0) }} role="img" aria-label={t("monitor.dark_square")}>
            <span style={{ background: grey(FIVE_PERCENT) }} />
          </div>
          <Checkbox size="md" label={t("monitor.sees_dark")} checked={seesDark} onChange={(event) => onDark(event.currentTarget.checked)} />
        </div>
        <div>
          <div className={classes.square} style={{ background: grey(255) }} role="img" aria-label={t("monitor.bright_square")}>
            <span style={{ background: grey(NINETY_FIVE_PERCENT) }} />
          </div>
          <Checkbox size="md" label={t("monitor.sees_bright")} checked={seesBright} onChange={(event) => onBright(event.currentTarget.checked)} />
        </div>
      </div>
      <Text size="sm" className="muted" mt={8}>
        {t("monitor.ends_about")}
      </Text>
    </section>
  );
}

function Card({ scale, onScale }: { scale: number | null; onScale: (scale: number | null) => void }) {
  const shown = scale ?? PIXELS_PER_MILLIMETRE;
  return (
    <section aria-labelledby="card">
      <h2 id="card" className={classes.heading}>
        {t("monitor.card")}
      </h2>
      <Text size="sm" className="muted" mb="sm">
        {t("monitor.card_about")}
      </Text>
      <div
        className={classes.card}
        style={{ width: shown * CARD_MILLIMETRES.width, height: shown * CARD_MILLIMETRES.height }}
        role="img"
        aria-label={t("monitor.card_outline")}
      >
        {t("monitor.card_text")}
      </div>
      <Group mt="md" gap="lg" align="center">
        <Slider
          className={classes.slider}
          min={2}
          max={9}
          step={0.01}
          label={null}
          value={shown}
          thumbLabel={t("monitor.card_size")}
          onChange={onScale}
        />
        <Text size="sm" className="numbers" role="status">
          {scale === null ? t("monitor.no_scale") : t("monitor.scale", { scale: number(scale, 2) })}
        </Text>
        {scale !== null && (
          <Button size="compact-sm" variant="default" onClick={() => onScale(null)}>
            {t("monitor.forget_scale")}
          </Button>
        )}
      </Group>
    </section>
  );
}

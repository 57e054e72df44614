import { ActionIcon, Button, Center, Loader, Progress, Tooltip } from "@mantine/core";
import { IconChevronLeft, IconChevronRight, IconKeyboard, IconListCheck, IconPlayerPause } from "@tabler/icons-react";
import { useCallback, useState } from "react";
import { api, type Schemas } from "@/shared/api";
import { ErrorNotice, KeyboardHelp, LinkButton } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { findingKeys, MarkStore, RadiographViewer, viewerKeys } from "@/shared/viewer";
import { Ahead } from "./Ahead";
import type { Form, Session } from "./calls";
import { CaseAnswer } from "./CaseAnswer";
import { answerKeys } from "./keys";
import { t } from "./text";
import { imageUrl } from "./useCase";
import { useWayKeys, type Way } from "./way";
import classes from "./reading.module.css";

interface CaseRoomProps {
  code: string;
  place: Schemas["Place"];
  session: Session;
  nextCode: string | null;
  isLast: boolean;
  /** Back and forth, where the protocol lets the reader go. */
  way: Way | null;
  onSubmitted: () => void;
  onNext: () => void;
  /** A case was left, and its draft has arrived. */
  onLeft: () => void;
}

/** One case: the picture, the answer, and nothing else. The room stays when the case changes. */
export function CaseRoom(props: CaseRoomProps) {
  const { code, place, session, nextCode, isLast, way, onSubmitted, onNext, onLeft } = props;
  const [help, setHelp] = useState(false);
  const openHelp = useCallback(() => setHelp(true), []);
  const marks = useMarksOf(code, session.form);
  const isFull = session.form === "full";
  useWayKeys(way);
  const pictureKeys = viewerKeys();
  const keys = isFull ? { ...pictureKeys, keys: [...pictureKeys.keys, ...findingKeys()] } : pictureKeys;
  return (
    <main className={classes.room} data-form={session.form}>
      <Header session={session} place={place} code={code} way={way} onHelp={openHelp} />
      <div className={classes.picture}>
        <Picture code={code} marks={marks} />
      </div>
      <aside className={classes.side} aria-label={t("room.answer")}>
        <CaseAnswer
          key={code}
          code={code}
          form={session.form}
          keepsDrafts={way !== null}
          marks={marks}
          onSubmitted={onSubmitted}
          onNext={onNext}
          onLeft={way && onLeft}
        />
        <Ahead isLast={isLast} code={nextCode} />
      </aside>
      <KeyboardHelp groups={[answerKeys(session.form, way !== null), keys]} opened={help} onToggle={() => setHelp((now) => !now)} />
    </main>
  );
}

/** The marks of the case on the screen. */
function useMarksOf(code: string, form: Form): MarkStore {
  const made = () => ({ code, marks: new MarkStore(form === "full") });
  const [current, setCurrent] = useState(made);
  if (current.code === code) return current.marks;
  const next = made();
  setCurrent(next);
  return next.marks;
}

function Picture({ code, marks }: { code: string; marks: MarkStore }) {
  const read = api.useQuery(
    "get",
    "/api/v1/reading/cases/{code}",
    { params: { path: { code } } },
    { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false },
  );
  if (read.data) {
    return (
      <RadiographViewer
        image={read.data.image}
        previewUrl={imageUrl(code, "preview")}
        fullDepthUrl={imageUrl(code, "full_depth")}
        marks={marks}
      />
    );
  }
  return (
    <Center h="100%">
      {read.error ? (
        <ErrorNotice error={read.error} onRetry={() => void read.refetch()} />
      ) : (
        <Loader aria-label={t("room.loading")} />
      )}
    </Center>
  );
}

interface HeaderProps {
  session: Session;
  place: Schemas["Place"];
  code: string;
  way: Way | null;
  onHelp: () => void;
}

function Header({ session, place, code, way, onHelp }: HeaderProps) {
  const slug = useSlug();
  const { practice_total: practice, practice_done: practiceDone, total, done } = session;
  const position = place.is_practice ? place.position : place.position - practice;
  const answered = way ? session.drafted : done;
  const [part, whole] = place.is_practice ? [practiceDone, practice] : [answered, total];
  return (
    <header className={classes.header}>
      <h1 className={classes.position}>
        {place.is_practice
          ? t("room.practice", { position, total: practice })
          : t("room.case", { position, total })}
      </h1>
      <Progress
        value={whole ? (100 * part) / whole : 0}
        size="sm"
        className={classes.progress}
        aria-label={t("room.progress")}
      />
      <span className={classes.left}>{t("room.left", { count: whole - part })}</span>
      <span className={classes.code} title={t("room.code")}>
        {code}
      </span>
      <span className={classes.spring} />
      {way && <WayButtons way={way} />}
      <Tooltip label={common("keys.open")}>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={common("keys.open")} onClick={onHelp}>
          <IconKeyboard size={20} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <LinkButton
        to={`/studies/${slug}/reading`}
        variant="default"
        size="xs"
        leftSection={<IconPlayerPause size={14} />}
      >
        {t("room.pause")}
      </LinkButton>
    </header>
  );
}

function WayButtons({ way }: { way: Way }) {
  return (
    <>
      <Arrow label={t("way.previous")} onClick={way.previous} Icon={IconChevronLeft} />
      <Arrow label={t("way.next")} onClick={way.next} Icon={IconChevronRight} />
      <Button size="xs" variant="default" leftSection={<IconListCheck size={14} />} onClick={way.summary}>
        {t("way.summary")}
      </Button>
    </>
  );
}

function Arrow({ label, onClick, Icon }: { label: string; onClick: (() => void) | null; Icon: typeof IconChevronLeft }) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={label}
        disabled={onClick === null}
        onClick={onClick ?? undefined}
      >
        <Icon size={18} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}

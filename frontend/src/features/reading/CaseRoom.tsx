import { ActionIcon, Center, Loader, Progress, Tooltip } from "@mantine/core";
import { IconKeyboard, IconPlayerPause } from "@tabler/icons-react";
import { useCallback, useState, useSyncExternalStore } from "react";
import { api, type Schemas } from "@/shared/api";
import { ErrorNotice, KeyboardHelp, LinkButton } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { useSlug } from "@/shared/study";
import { RadiographViewer, viewerKeys } from "@/shared/viewer";
import { Ahead } from "./Ahead";
import { AnswerForm } from "./AnswerForm";
import { type Answer, isComplete, type Session } from "./calls";
import { Feedback } from "./Feedback";
import { answerKeys } from "./keys";
import { t } from "./text";
import { useAnswerKeys } from "./useAnswerKeys";
import { imageUrl, useOpenedCase } from "./useCase";
import { type Submitted, useSubmit } from "./useSubmit";
import classes from "./reading.module.css";

interface CaseRoomProps {
  code: string;
  place: Schemas["Place"];
  session: Session;
  nextCode: string | null;
  isLast: boolean;
  onSubmitted: () => void;
  onNext: () => void;
}

/** One case: the picture, the answer, and nothing else. The room stays when the case changes. */
export function CaseRoom({ code, place, session, nextCode, isLast, onSubmitted, onNext }: CaseRoomProps) {
  const [help, setHelp] = useState(false);
  const openHelp = useCallback(() => setHelp(true), []);
  return (
    <main className={classes.room}>
      <Header session={session} place={place} code={code} onHelp={openHelp} />
      <div className={classes.picture}>
        <Picture code={code} />
      </div>
      <aside className={classes.side}>
        <CaseAnswer key={code} code={code} onSubmitted={onSubmitted} onNext={onNext} />
        <Ahead isLast={isLast} code={nextCode} />
      </aside>
      <KeyboardHelp groups={[answerKeys(), viewerKeys()]} opened={help} onToggle={() => setHelp((now) => !now)} />
    </main>
  );
}

function Picture({ code }: { code: string }) {
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

function CaseAnswer({ code, onSubmitted, onNext }: Pick<CaseRoomProps, "code" | "onSubmitted" | "onNext">) {
  const { keeper, opened, problem, retry } = useOpenedCase(code);
  const draft = useSyncExternalStore(keeper.subscribe, keeper.get);
  const [result, setResult] = useState<Submitted | null>(null);
  const submission = useSubmit(code, keeper, (submitted) => {
    setResult(submitted);
    onSubmitted();
  });
  const locked = !opened || submission.busy || result !== null;
  const change = (answer: Answer) => keeper.change(answer);
  const submit = () => isComplete(draft.answer) && submission.submit(draft.answer);
  useAnswerKeys({ answer: draft.answer, locked, onChange: change, onEnter: result ? onNext : submit });
  if (result?.feedback) return <Feedback known={result.feedback} answer={draft.answer} onNext={onNext} />;
  return (
    <>
      <ErrorNotice error={problem} onRetry={retry} />
      <AnswerForm
        draft={draft}
        locked={locked}
        busy={submission.busy}
        waiting={submission.waiting}
        problem={submission.problem}
        onChange={change}
        onSubmit={submit}
      />
    </>
  );
}

interface HeaderProps {
  session: Session;
  place: Schemas["Place"];
  code: string;
  onHelp: () => void;
}

function Header({ session, place, code, onHelp }: HeaderProps) {
  const slug = useSlug();
  const { practice_total: practice, practice_done: practiceDone, total, done } = session;
  const position = place.is_practice ? place.position : place.position - practice;
  const [part, whole] = place.is_practice ? [practiceDone, practice] : [done, total];
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
      <span className={classes.code} title={t("room.code")}>
        {code}
      </span>
      <span className={classes.spring} />
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

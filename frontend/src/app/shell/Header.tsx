import { ActionIcon, Avatar, Badge, Menu, Tooltip, useMantineColorScheme } from "@mantine/core";
import { IconCheck, IconLogout, IconMoon, IconSelector, IconSun } from "@tabler/icons-react";
import { Link, useNavigate } from "react-router";
import { api } from "@/shared/api";
import { chooseLanguage, language, t as common } from "@/shared/messages";
import type { Study } from "@/shared/study/context";
import { languages } from "../catalogue";
import { useSession } from "../session/context";
import { useTakeSession } from "../session/useTakeSession";
import { t } from "../text";
import { Mark } from "./Mark";
import classes from "./Shell.module.css";

export function Header({ study }: { study: Study | null }) {
  return (
    <header className={classes.header}>
      <Link to="/" className={classes.brand}>
        <Mark />
        {common("app.name")}
      </Link>
      {study && (
        <>
          <span className={classes.separator} />
          <StudySwitch study={study} />
          {study.is_demo && (
            <Tooltip label={common("app.demo")}>
              <Badge variant="outline" color="gray">{t("studies.demo")}</Badge>
            </Tooltip>
          )}
        </>
      )}
      <span className={classes.spring} />
      <ThemeSwitch />
      <PersonMenu />
    </header>
  );
}

function StudySwitch({ study }: { study: Study }) {
  const studies = api.useQuery("get", "/api/v1/studies");
  const navigate = useNavigate();
  return (
    <Menu position="bottom-start" width={320}>
      <Menu.Target>
        <button type="button" className={classes.study} aria-label={t("menu.switch_study") + ": " + study.title}>
          <span>{study.title}</span>
          <IconSelector size={15} />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {studies.data?.map(({ slug, title }) => (
          <Menu.Item
            key={slug}
            onClick={() => void navigate(`/studies/${slug}`)}
            rightSection={slug === study.slug ? <IconCheck size={15} /> : null}
          >
            {title}
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item component={Link} to="/">
          {t("nav.all_studies")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function ThemeSwitch() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const isDark = colorScheme === "dark";
  return (
    <Tooltip label={isDark ? t("menu.light") : t("menu.dark_room")}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={t("menu.theme")}
        aria-pressed={isDark}
        onClick={() => setColorScheme(isDark ? "light" : "dark")}
      >
        {isDark ? <IconSun size={18} stroke={1.7} /> : <IconMoon size={18} stroke={1.7} />}
      </ActionIcon>
    </Tooltip>
  );
}

function languageName(code: string): string {
  return new Intl.DisplayNames([code], { type: "language" }).of(code) ?? code;
}

function PersonMenu() {
  const { person } = useSession();
  const takeSession = useTakeSession();
  const navigate = useNavigate();
  const signOut = api.useMutation("post", "/api/v1/session/sign-out", {
    onSuccess: (session) => {
      takeSession(session);
      void navigate("/");
    },
  });
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <button type="button" className={classes.person}>
          <Avatar size={28} name={person.name} color="petrol" aria-hidden="true" />
          <span>{person.name}</span>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{person.email}</Menu.Label>
        {languages.length > 1 && <Menu.Label>{t("menu.language")}</Menu.Label>}
        {languages.length > 1 &&
          languages.map((code) => (
            <Menu.Item
              key={code}
              onClick={() => chooseLanguage(code)}
              rightSection={code === language() ? <IconCheck size={15} /> : null}
            >
              {languageName(code)}
            </Menu.Item>
          ))}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={() => signOut.mutate({})}>
          {t("menu.sign_out")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

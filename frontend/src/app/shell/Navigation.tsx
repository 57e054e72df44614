import { IconHome } from "@tabler/icons-react";
import { NavLink } from "react-router";
import { textOf } from "@/shared/messages";
import type { Study } from "@/shared/study/context";
import { navigationFor } from "../features";
import { t } from "../text";
import classes from "./Shell.module.css";

export function Navigation({ study }: { study: Study }) {
  const base = `/studies/${study.slug}`;
  return (
    <nav className={classes.navigation} aria-label={t("nav.label")}>
      <ul>
        <li>
          <NavLink to={base} end className={classes.link}>
            <IconHome size={17} stroke={1.7} />
            {t("nav.home")}
          </NavLink>
        </li>
        {navigationFor(study.roles).map(({ href, label, icon: Icon }) => (
          <li key={href}>
            <NavLink to={`${base}/${href}`} className={classes.link}>
              {Icon && <Icon size={17} stroke={1.7} />}
              {textOf(label)}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

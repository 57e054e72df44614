import { Badge, Group } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { Link, Navigate } from "react-router";
import { api } from "@/shared/api";
import { EmptyState, Loaded, Page, Panel } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { t } from "../text";
import classes from "./pages.module.css";

export function Component() {
  const studies = api.useQuery("get", "/api/v1/studies");
  const [only, ...others] = studies.data ?? [];
  // Who has one study has nothing to choose.
  if (only && others.length === 0) return <Navigate to={`/studies/${only.slug}`} replace />;
  return (
    <Page title={t("studies.title")} lead={t("studies.lead")}>
      <Panel flush>
        <Loaded query={studies}>
          {(list) =>
            list.length === 0 ? (
              <EmptyState title={t("studies.empty")} detail={t("studies.empty_detail")} />
            ) : (
              <ul className={classes.list}>
                {list.map((study) => (
                  <li key={study.slug}>
                    <Link to={`/studies/${study.slug}`} className={classes.row}>
                      <Group gap="xs" className={classes.rowText}>
                        <span className={classes.rowTitle}>{study.title}</span>
                        {study.is_demo && <Badge variant="outline" color="gray">{t("studies.demo")}</Badge>}
                      </Group>
                      <span className="muted">{study.roles.map((role) => common(`role.${role}`)).join(", ")}</span>
                      <IconChevronRight size={17} />
                    </Link>
                  </li>
                ))}
              </ul>
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

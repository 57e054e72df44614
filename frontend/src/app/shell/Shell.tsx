import { useContext } from "react";
import { Outlet, useLocation } from "react-router";
import { ErrorBoundary } from "@/shared/components";
import { t as common } from "@/shared/messages";
import { StudyContext } from "@/shared/study";
import { Header } from "./Header";
import { Navigation } from "./Navigation";
import classes from "./Shell.module.css";

export function Shell() {
  const study = useContext(StudyContext);
  const { pathname } = useLocation();
  return (
    <div className={classes.shell} data-with-navigation={study ? "true" : undefined}>
      <a className={classes.skip} href="#content">
        {common("app.skip")}
      </a>
      <Header study={study} />
      {study && <Navigation study={study} />}
      <main id="content" className={classes.content} tabIndex={-1}>
        <ErrorBoundary resetKey={pathname}>
          <Outlet />
        </ErrorBoundary>
      </main>
    </div>
  );
}

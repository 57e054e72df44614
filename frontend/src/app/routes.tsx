import { createBrowserRouter } from "react-router";
import { features } from "./features";
import { NotFoundPage } from "./pages/NotFoundPage";
import { CrashPage } from "./pages/CrashPage";
import { SessionGate } from "./session/SessionGate";
import { Shell } from "./shell/Shell";
import { StudyGate } from "./shell/StudyGate";

export function makeRouter() {
  return createBrowserRouter([
    { path: "/invitation", errorElement: <CrashPage />, lazy: () => import("./session/InvitationPage") },
    {
      element: <SessionGate />,
      errorElement: <CrashPage />,
      HydrateFallback: () => null,
      children: [
        {
          path: "/studies/:slug",
          element: <StudyGate />,
          errorElement: <CrashPage />,
          children: [
            ...features.flatMap((feature) => feature.wholeWindowRoutes ?? []),
            {
              element: <Shell />,
              children: [
                { index: true, lazy: () => import("./pages/StudyHomePage") },
                ...features.flatMap((feature) => feature.routes),
                { path: "*", element: <NotFoundPage /> },
              ],
            },
          ],
        },
        {
          element: <Shell />,
          children: [
            { path: "/", lazy: () => import("./pages/StudiesPage") },
            { path: "*", element: <NotFoundPage /> },
          ],
        },
      ],
    },
  ]);
}

import { createContext, useContext } from "react";
import type { Schemas } from "@/shared/api";

interface SignedIn {
  person: Schemas["Person"];
  demo: boolean;
}

export const SessionContext = createContext<SignedIn | null>(null);

export function useSession(): SignedIn {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession is for pages behind the session gate");
  return session;
}

import { featureText } from "@/shared/messages";
import type messages from "./messages.en.json";

export const t = featureText<keyof typeof messages>("consensus");

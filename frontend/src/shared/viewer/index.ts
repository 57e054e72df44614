export { MarkStore, type FindingKind, type ZoneMark } from "./markStore";
export { keepOnly, prefetch } from "./pictureStore";
export { RadiographViewer } from "./RadiographViewer";
export { isTyping, keyOf } from "./tools";
export type { ViewerImage } from "./types";
export { findingKeys, viewerKeys } from "./viewerKeys";

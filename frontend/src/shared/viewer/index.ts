export { keepOnly, prefetch } from "./pictureStore";
export { RadiographViewer } from "./RadiographViewer";
export { isTyping, keyOf } from "./tools";
export type { ViewerImage } from "./types";
export { viewerKeys } from "./viewerKeys";

export { StudyContext, useStudy, useSlug } from "./context";

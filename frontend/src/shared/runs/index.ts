export { Hash } from "./Hash";
export { isActive, partDone, pollWhile, secondsLeft } from "./jobTimes";
export { RunFrame } from "./RunFrame";
export { useRun } from "./useRun";
export { labelWord, partWord } from "./words";

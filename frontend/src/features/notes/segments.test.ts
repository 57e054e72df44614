import { describe, expect, test } from "vitest";
import {
  byOneWord,
  type Evidence,
  nextMark,
  nextSentence,
  quoted,
  segmentsOf,
  selectedSpan,
  sentenceAround,
  sentencesOf,
} from "./segments";

const TEXT = "FINDINGS:\nThe stem was grossly loose. The cup was not loose.\nPLAN: rest";
const at = (word: string, from = 0) => TEXT.indexOf(word, from);

function mark(start: number, length: number, counts = true): Evidence {
  return { start, end: start + length, kind: "loose", polarity: "affirmed", section: "findings", component: "stem", counts, why_not: counts ? "" : "section" };
}
const STEM = mark(at("grossly loose"), 13);
const CUP = mark(at("loose.", at("cup")), 5);

describe("the segments of a note", () => {
  test("put together again are the text", () => {
    const segments = segmentsOf(TEXT, [STEM, CUP], { start: 3, end: 30 });
    expect(segments.map(({ text }) => text).join("")).toBe(TEXT);
    expect(segments.filter(({ evidence }) => evidence === STEM).map(({ text }) => text).join("")).toBe("grossly loose");
  });

  test("keep the mark where the quotation begins within it", () => {
    const segments = segmentsOf(TEXT, [STEM], { start: STEM.start + 8, end: STEM.end + 1 });
    const marked = segments.filter(({ evidence }) => evidence !== null);
    expect(marked.map(({ text, isQuoted }) => [text, isQuoted])).toEqual([["grossly ", false], ["loose", true]]);
  });

  test("count characters as the server does, also beyond the basic plane", () => {
    const text = "🦴 loose";
    const segments = segmentsOf(text, [mark(2, 5)], null);
    expect(segments.find(({ evidence }) => evidence)?.text).toBe("loose");
  });
});

describe("quoting", () => {
  test("takes the whole sentence of a mark", () => {
    expect(quoted(TEXT, sentenceAround(TEXT, STEM))).toBe("The stem was grossly loose.");
    expect(quoted(TEXT, sentenceAround(TEXT, CUP))).toBe("The cup was not loose.");
  });

  test("walks from mark to mark, those that count first, and round again", () => {
    const history = { ...STEM, counts: false };
    const first = nextMark([history, CUP], TEXT, null);
    expect(quoted(TEXT, first!)).toBe("The cup was not loose.");
    const second = nextMark([history, CUP], TEXT, first);
    expect(quoted(TEXT, second!)).toBe("The stem was grossly loose.");
    expect(nextMark([history, CUP], TEXT, second)).toEqual(first);
    expect(nextMark([], TEXT, null)).toBeNull();
  });

  test("steps from sentence to sentence by key, marked or not", () => {
    expect(sentencesOf(TEXT).map((span) => quoted(TEXT, span))).toEqual([
      "FINDINGS:",
      "The stem was grossly loose.",
      "The cup was not loose.",
      "PLAN: rest",
    ]);
    const first = nextSentence(TEXT, null, 1);
    expect(quoted(TEXT, first!)).toBe("FINDINGS:");
    const second = nextSentence(TEXT, first, 1);
    expect(quoted(TEXT, second!)).toBe("The stem was grossly loose.");
    expect(nextSentence(TEXT, second, -1)).toEqual(first);
    expect(quoted(TEXT, nextSentence(TEXT, null, -1)!)).toBe("PLAN: rest");
    expect(nextSentence("  ", null, 1)).toBeNull();
  });

  test("grows and shrinks by words at either edge, to one word at least", () => {
    const stem = { start: at("stem"), end: at("stem") + 4 };
    const longer = byOneWord(TEXT, byOneWord(TEXT, stem, "end", 1), "start", -1);
    expect(quoted(TEXT, longer)).toBe("The stem was");
    expect(byOneWord(TEXT, byOneWord(TEXT, longer, "end", -1), "start", 1)).toEqual(stem);
    expect(byOneWord(TEXT, stem, "end", -1)).toEqual(stem);
    expect(byOneWord(TEXT, stem, "start", 1)).toEqual(stem);
  });

  test("finds the selection's place in the whole note", () => {
    const container = document.createElement("div");
    for (const segment of segmentsOf(TEXT, [STEM], null)) {
      const span = container.appendChild(document.createElement("span"));
      span.dataset.start = String(segment.start);
      span.dataset.end = String(segment.end);
      span.textContent = segment.text;
    }
    document.body.append(container);
    const range = document.createRange();
    range.setStart(container.childNodes[0]!.firstChild!, at("stem"));
    range.setEnd(container.childNodes[1]!.firstChild!, 7);
    const selection = window.getSelection()!;
    selection.removeAllRanges();
    selection.addRange(range);
    expect(quoted(TEXT, selectedSpan(container, selection)!)).toBe("stem was grossly");
    selection.removeAllRanges();
    expect(selectedSpan(container, selection)).toBeNull();
  });
});

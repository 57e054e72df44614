import type { Schemas } from "@/shared/api";

export type Evidence = Schemas["Evidence"];

/** Positions in characters as the server counts them: code points, not UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

export interface Segment extends Span {
  text: string;
  /** The mark it lies in, if any; of overlapping marks the first. */
  evidence: Evidence | null;
  isQuoted: boolean;
}

const within = (at: Span, span: Span | null): boolean => span !== null && at.start >= span.start && at.end <= span.end;

/** The text cut where a mark or the quotation begins or ends: joined again, it is the text. */
export function segmentsOf(text: string, evidence: readonly Evidence[], quote: Span | null): Segment[] {
  const characters = Array.from(text);
  const cuts = new Set([0, characters.length]);
  for (const span of quote ? [...evidence, quote] : evidence) {
    for (const cut of [span.start, span.end]) if (cut > 0 && cut < characters.length) cuts.add(cut);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((start, index): Segment => {
    const at = { start, end: sorted[index + 1]! };
    return {
      ...at,
      text: characters.slice(start, at.end).join(""),
      evidence: evidence.find((mark) => within(at, mark)) ?? null,
      isQuoted: within(at, quote),
    };
  });
}

/** The sentence or line in which a mark stands. */
export function sentenceAround(text: string, mark: Span): Span {
  const characters = Array.from(text);
  const ends = (index: number) =>
    characters[index] === "\n" || (characters[index] === "." && /\s/.test(characters[index + 1] ?? " "));
  let start = mark.start;
  while (start > 0 && !ends(start - 1)) start -= 1;
  let end = mark.end;
  while (end < characters.length && !ends(end)) end += 1;
  if (characters[end] === ".") end += 1;
  while (start < mark.start && /\s/.test(characters[start]!)) start += 1;
  return { start, end };
}

/** The marks in the order in which the quotation walks through them: those that count first. */
export function nextMark(evidence: readonly Evidence[], text: string, quote: Span | null): Span | null {
  const ordered = [...evidence.filter(({ counts }) => counts), ...evidence.filter(({ counts }) => !counts)];
  const sentences: Span[] = [];
  for (const mark of ordered) {
    const sentence = sentenceAround(text, mark);
    if (!sentences.some(({ start }) => start === sentence.start)) sentences.push(sentence);
  }
  const current = sentences.findIndex(({ start, end }) => quote?.start === start && quote.end === end);
  return sentences[(current + 1) % Math.max(sentences.length, 1)] ?? null;
}

/** Every sentence or line with words in it, in the order of the text. */
export function sentencesOf(text: string): Span[] {
  const characters = Array.from(text);
  const sentences: Span[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    if (/\s/.test(characters[at]!)) continue;
    const sentence = sentenceAround(text, { start: at, end: at + 1 });
    sentences.push(sentence);
    at = sentence.end - 1;
  }
  return sentences;
}

/** The sentence behind (1) or before (-1) the quotation; without one, the first or the last of the note. */
export function nextSentence(text: string, quote: Span | null, step: 1 | -1): Span | null {
  const sentences = sentencesOf(text);
  if (!quote) return sentences.at(step === 1 ? 0 : -1) ?? null;
  if (step === 1) return sentences.find(({ start }) => start >= quote.end) ?? quote;
  return sentences.findLast(({ end }) => end <= quote.start) ?? quote;
}

/** The quotation with its start or end moved by one word. It keeps one word at least. */
export function byOneWord(text: string, quote: Span, edge: "start" | "end", step: 1 | -1): Span {
  const words = wordsOf(text);
  if (edge === "end") {
    const ends = words.map(({ end }) => end).filter((end) => end > quote.start);
    const end = step === 1 ? ends.find((each) => each > quote.end) : ends.findLast((each) => each < quote.end);
    return { start: quote.start, end: end ?? quote.end };
  }
  const starts = words.map(({ start }) => start).filter((start) => start < quote.end);
  const start = step === 1 ? starts.find((each) => each > quote.start) : starts.findLast((each) => each < quote.start);
  return { start: start ?? quote.start, end: quote.end };
}

function wordsOf(text: string): Span[] {
  const words: Span[] = [];
  let start: number | null = null;
  Array.from(`${text} `).forEach((character, index) => {
    if (/\s/.test(character)) {
      if (start !== null) words.push({ start, end: index });
      start = null;
    } else start ??= index;
  });
  return words;
}

export const quoted = (text: string, { start, end }: Span): string => Array.from(text).slice(start, end).join("");

/** Where the person's selection lies in the note; null when it is empty or reaches out of it. */
export function selectedSpan(container: HTMLElement, selection: Selection | null): Span | null {
  if (!selection || selection.isCollapsed || selection.rangeCount === 0) return null;
  const range = selection.getRangeAt(0);
  const [start, end] = [
    position(container, range.startContainer, range.startOffset),
    position(container, range.endContainer, range.endOffset),
  ];
  return start !== null && end !== null && start < end ? { start, end } : null;
}

function position(container: HTMLElement, node: Node, offset: number): number | null {
  if (!container.contains(node)) return null;
  if (node.nodeType !== Node.TEXT_NODE) {
    const child = node.childNodes[offset];
    const segment = (child instanceof Element ? child : null)?.closest<HTMLElement>("[data-start]");
    if (segment) return Number(segment.dataset.start);
    const last = node instanceof HTMLElement ? [...node.querySelectorAll<HTMLElement>("[data-end]")].at(-1) : null;
    const own = node instanceof HTMLElement && node.dataset.end !== undefined ? node : last;
    return own ? Number(own.dataset.end) : null;
  }
  const segment = node.parentElement?.closest<HTMLElement>("[data-start]");
  if (!segment) return null;
  return Number(segment.dataset.start) + Array.from((node.textContent ?? "").slice(0, offset)).length;
}

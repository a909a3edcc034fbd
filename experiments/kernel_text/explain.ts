/**
 * Explains a file that holds texts of any known kinds.
 *
 * @module
 */
import { PAGE } from "../../allocators/pages.ts";
import type { Kind, Sample } from "./kind.ts";
import { KINDS } from "./kinds.ts";
import { expected, lineOf, MAX_LINE } from "./line.ts";
import { printable } from "../traces/lines.ts";
import { type Contents, TextReader } from "./text_reader.ts";
import { exactBytes, listed, plural } from "./words.ts";

/** What the user knows beside the file. */
export interface ExplainOptions {
  /** Bytes of a page, for texts that do not show them. */
  pageBytes?: number;
}

/** One group of texts, explained. */
export interface Explanation {
  /** The kind of text. */
  kind: Kind;
  /** The texts. */
  samples: readonly Sample<unknown>[];
  /** Bytes of a page. */
  pageBytes: number;
  /** Whether a text or the user says so; else 4 KiB are assumed. */
  pageKnown: boolean;
  /** What they mean. */
  lines: string[];
}

/** A reader of one file. */
export function textReader(name: string): TextReader {
  return new TextReader(name, KINDS);
}

/** The kind of text that begins in one of `lines`; undefined if none does. */
export function kindIn(lines: readonly string[]): Kind | undefined {
  for (const [i, raw] of lines.entries()) {
    if (raw.length > MAX_LINE) return undefined;
    const line = lineOf("", i + 1, raw);
    const kind = KINDS.find((kind) => kind.begins(line));
    if (kind) return kind;
  }
  return undefined;
}

/** What is in the file `name` with the content `text`. */
export function readTexts(name: string, text: string): Contents {
  const reader = textReader(name);
  for (let at = 0; at < text.length;) {
    const end = text.indexOf("\n", at);
    reader.line(text.slice(at, end < 0 ? undefined : end));
    at = end < 0 ? text.length : end + 1;
  }
  return reader.end();
}

/** Explains what was read; throws `SyntaxError` if it holds no known text. */
export function explainContents(
  contents: Contents,
  options: ExplainOptions = {},
): Explanation[] {
  const { groups } = contents;
  if (groups.length === 0) throw unknown(contents);
  const shown = groups.map(({ kind, samples }) =>
    samples.map(({ data }) => kind.pageBytes?.(data)).find(Boolean)
  );
  const elsewhere = shown.find(Boolean) ?? options.pageBytes;
  return groups.map(({ kind, samples }, i) => {
    const pageBytes = shown[i] ?? elsewhere;
    const joined = kind.join?.(samples) ?? samples;
    const setting = { pageBytes: pageBytes ?? PAGE };
    return {
      kind,
      samples: joined,
      ...setting,
      pageKnown: pageBytes !== undefined,
      lines: [
        ...trimmed(kind.explain(joined, setting)),
        ...pageLines(kind, options.pageBytes, shown[i], pageBytes),
      ],
    };
  });
}

/** What there is to say about the size of pages. */
function pageLines(
  { name, inPages }: Kind,
  asked: number | undefined,
  shown: number | undefined,
  used: number | undefined,
): string[] {
  if (shown !== undefined && asked !== undefined && asked !== shown) {
    return [
      `Its own figures show pages of ${exactBytes(shown)}; --page-size ${
        exactBytes(asked)
      } is not used.`,
    ];
  }
  if (!inPages || used === PAGE) return [];
  if (used === undefined) {
    return [
      `Pages of ${exactBytes(PAGE)} are assumed: ${name} does not say. ` +
      "If they are longer (arm64, ppc64): --page-size 64K.",
    ];
  }
  const elsewhere = used !== (shown ?? asked);
  return [
    `Pages have ${exactBytes(used)}${
      elsewhere ? ", as another text of the file shows" : ""
    }.`,
  ];
}

/** The file holds nothing that is known: names what is. */
function unknown({ name, head }: Contents): SyntaxError {
  const known = listed(KINDS.map(({ name }) => name), "or");
  const at = head.findIndex((line) => line.trim() !== "");
  if (at < 0) {
    return new SyntaxError(`There is no text in ${name}: expected ${known}`);
  }
  const line = { name, number: at + 1, text: head[at]! };
  return expected(line, `the text of ${known}`);
}

/** Explanations as text, with what was read over. */
export function explanationText(
  contents: Contents,
  explanations: readonly Explanation[],
): string {
  const several = explanations.length > 1;
  const { count, first } = contents.strange;
  const lines = explanations.flatMap(({ kind, lines }) => [
    ...(several ? [`== ${kind.name} ==`] : []),
    ...lines,
    ...(several ? [""] : []),
  ]);
  if (first) {
    lines.push(
      `${plural(count, "line belongs", "lines belong")} to no text and ${
        count === 1 ? "was" : "were"
      } read over; the first is ` +
        `line ${first.number}: ${printable(first.text)}`,
    );
  }
  return lines.join("\n") + "\n";
}

/** Without blank lines at the end. */
function trimmed(lines: readonly string[]): readonly string[] {
  return lines.slice(0, lines.findLastIndex((line) => line !== "") + 1);
}

/** The explanation of a text, as a reader sees it. */
export function explainText(
  name: string,
  text: string,
  options?: ExplainOptions,
): string {
  const contents = readTexts(name, text);
  return explanationText(contents, explainContents(contents, options));
}

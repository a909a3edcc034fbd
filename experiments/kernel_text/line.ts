/**
 * Lines of a text as people paste it: with a prompt, a logger's time and host,
 * a quotation mark or colours around what the kernel wrote.
 *
 * @module
 */
import { printable, unexpected } from "../traces/lines.ts";

/** Characters of the longest line that is read. */
export const MAX_LINE = 2 ** 16;

/** `\x1b[1;31m` and the like, as terminals colour text. */
// deno-lint-ignore no-control-regex
const ESCAPE = /\x1b\[[0-9;?]*[A-Za-z]/g;
/** What web pages write for characters of theirs. */
const ENTITIES: Readonly<Record<string, string>> = {
  lt: "<",
  gt: ">",
  quot: '"',
  amp: "&",
};
/** What syslog and the journal put before a line of the kernel's. */
const SYSLOG = /^[^<>=]{0,120}?\bkernel(?:\[\d{1,9}\])?:\s?/;
/** Its last word, which tells nothing. */
const LOGGER = /\bkernel(?:\[\d{1,9}\])?:$/;
/** `<4>`, and `[  12.345678]`, `[T1234]`, `[Mon Apr 20 15:08:07 2020]`. */
const STAMPS =
  /^(?:<\d{1,3}>|\d{1,3},\d{1,12},\d{1,16},[^;]{1,40};)?(?:\s*\[[^\]<>]{1,40}\])+\s?|^<\d{1,3}>|^\d{1,3},\d{1,12},\d{1,16},[^;]{1,40};/;
/** What grep puts before a line of a file under /proc. */
const GREP = /^\S{0,100}?\/proc\/(?:\d{1,9}\/)?[a-z]{1,20}:(?:\d{1,9}:)?/;
/** Where a row of a zone begins, whatever stands before it. */
const ZONE = /\bNode\s+\d+,\s+zone\s/;
/** Words of a row of slabinfo before `tunables`: a name, five numbers, `:`. */
const SLAB_WORDS = 7;
/** A command line that somebody copied along with its output. */
const PROMPT =
  /\/proc\/|\/sys\/|[$#%>]\s+(?:sudo |cat |date|grep |head |tail |sort |watch |while |for |slabtop|dmesg|journalctl)/;

/** One line of a text. */
export interface Line {
  /** Name of the text, for errors. */
  readonly name: string;
  /** Its number, from 1. */
  readonly number: number;
  /** What the kernel wrote, without blanks around it. */
  readonly text: string;
  /** The words of `text`; none in a blank line. */
  readonly words: readonly string[];
  /** What stood before it: a time, a host; "" if nothing did. */
  readonly stamp: string;
}

/** The line that `raw` holds. */
export function lineOf(name: string, number: number, raw: string): Line {
  if (raw.length > MAX_LINE) {
    const at = { name, number, text: raw };
    throw expected(at, `a line of at most ${MAX_LINE} characters`);
  }
  const plain = unescaped(raw);
  const unquoted = plain.trim().replace(/^(?:> )+/, "");
  const bare = unquoted.startsWith("**") && unquoted.endsWith("**")
    ? unquoted.slice(2, -2)
    : unquoted;
  const zone = bare.search(ZONE);
  const text = zone >= 0
    ? bare.slice(zone)
    : bare.replace(GREP, "").replace(SYSLOG, "").replace(STAMPS, "").trim();
  const stamp = bare.slice(0, bare.length - text.length).trim()
    .replace(LOGGER, "").replace(GREP, "").trim();
  const words = text === "" ? [] : text.split(/\s+/);
  const row = words.indexOf("tunables") - SLAB_WORDS;
  const isRow = row > 0 && words.slice(row + 1, row + 6).every(isWhole);
  return isRow
    ? {
      name,
      number,
      text: words.slice(row).join(" "),
      words: words.slice(row),
      stamp: [stamp, ...words.slice(0, row)].join(" ").trim(),
    }
    : { name, number, text, words, stamp };
}

/** Without the colours of a terminal and the escapes of a web page. */
function unescaped(raw: string): string {
  const text = raw.includes("\x1b") ? raw.replace(ESCAPE, "") : raw;
  return text.includes("&")
    ? text.replace(/&(lt|gt|quot|amp);/g, (_, name) => ENTITIES[name]!)
    : text;
}

function isWhole(word: string): boolean {
  return whole(word) !== undefined;
}

/** What is wrong with a line, as an error with file and line. */
export function expected(
  { name, number, text }: Pick<Line, "name" | "number" | "text">,
  what: string,
): SyntaxError {
  return unexpected(printable(name, 1000), number, what, text);
}

/** Whether a line is a command that was copied along with its output. */
export function isPrompt({ text }: Line): boolean {
  return PROMPT.test(text);
}

/**
 * The whole number that `word` is, up to 2^53 - 1; undefined if it is none. A
 * number with a sign, a point or a unit is none.
 */
export function whole(word: string | undefined): number | undefined {
  if (word === undefined || !/^\d{1,16}$/.test(word)) return undefined;
  const value = Number(word);
  return Number.isSafeInteger(value) ? value : undefined;
}

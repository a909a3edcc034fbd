/**
 * A folder of logs becomes `.rep.gz` files, one per process.
 *
 * @module
 */
import { Answers } from "./answers.ts";
import {
  type Head,
  Kind,
  kindAt,
  type Log,
  readHead,
  records,
} from "./log_file.ts";
import { stacksIn } from "./stacks.ts";
import { Symbols } from "./symbols.ts";
import { TextFile } from "./text_file.ts";
import { RepConverter } from "./to_rep.ts";

/** A trace that was written. */
export interface Recording {
  /** Path of the file. */
  path: string;
  /** Whose it is. */
  head: Head;
  /** Operations in it. */
  requests: number;
  /** Frees left out, of blocks that are not known. */
  leftOut: number;
  /** Why it may lack something at its end; undefined: it does not. */
  incomplete: string | undefined;
}

/** How to convert. */
export interface Conversion {
  /** The folder of logs. */
  folder: string;
  /** Path of the first trace; others get numbers. */
  out: string;
  /** Where to write what the first process was answered; undefined: nowhere. */
  addresses: string | undefined;
}

/** What the logs in `folder` say of themselves, the first to begin first. */
export function headsIn(folder: string): Head[] {
  return [...Deno.readDirSync(folder)]
    .filter(({ name }) => name.endsWith(".log"))
    .flatMap(({ name }) => readHead(folder, name) ?? [])
    .sort((a, b) => a.started - b.started || (a.name < b.name ? -1 : 1));
}

/** Converts all logs; those of forked children without requests are no traces. */
export async function convert(
  { folder, out, addresses }: Conversion,
): Promise<Recording[]> {
  const heads = headsIn(folder);
  const symbols = new Symbols();
  const all: Recording[] = [];
  for (const head of heads) {
    const logs = logsOf(folder, head, heads);
    if (head.parent && !hasRequests(logs.at(-1)!)) continue;
    const path = numbered(out, all.length + 1);
    const replaced = heads.some((h) =>
      h.pid === head.pid && h.started > head.started && !h.parent
    );
    const incomplete = head.lost !== 0
      ? `the recorder stopped (error ${head.lost})`
      : head.ended || replaced
      ? undefined
      : "the process was killed or still runs";
    const answers = all.length === 0 ? addresses : undefined;
    const rep = await convertOne(logs, path, answers, symbols, incomplete);
    const { requests, leftOut } = rep;
    all.push({ path, head, requests, leftOut, incomplete });
  }
  return all;
}

/** `mine.rep.gz`, `mine.2.rep.gz`, ... */
function numbered(out: string, number: number): string {
  if (number === 1) return out;
  return /\.rep(\.gz)?$/.test(out)
    ? out.replace(/(?=\.rep(\.gz)?$)/, `.${number}`)
    : `${out}.${number}`;
}

/** The log of `head` behind those of the processes that it was forked from. */
function logsOf(folder: string, head: Head, heads: readonly Head[]): Log[] {
  const log = (head: Head, bytes: number): Log => ({
    path: `${folder}/${head.name}`,
    head,
    bytes,
  });
  const logs = [log(head, Infinity)];
  for (let at = head; at.parent;) {
    const { name, bytes } = at.parent;
    const parent = heads.find((h) => h.name === name);
    if (!parent) break;
    logs.unshift(log(parent, bytes));
    at = parent;
  }
  return logs;
}

/** Whether the log holds a request. */
function hasRequests(log: Log): boolean {
  let has = false;
  const visits = records(log, (words, at) => {
    const kind = kindAt(words, at);
    has ||= kind >= Kind.MALLOC && kind <= Kind.FREE;
  });
  while (!has && !visits.next().done);
  return has;
}

async function convertOne(
  logs: readonly Log[],
  path: string,
  addresses: string | undefined,
  symbols: Symbols,
  incomplete: string | undefined,
): Promise<RepConverter> {
  const { pid, program, heap } = logs.at(-1)!.head;
  const text = new TextFile(path, path.endsWith(".gz"));
  const answered = addresses === undefined
    ? undefined
    : new TextFile(addresses, addresses.endsWith(".gz"));
  const answers = answered && new Answers(answered.lines, heap);
  const rep = new RepConverter(text.lines, answers);
  rep.comment(`process ${pid}: ${program}`);
  for (const log of logs) {
    rep.begin(await symbols.texts(stacksIn(log)));
    const visit = (words: Uint32Array, at: number) => rep.record(words, at);
    for (const _ of records(log, visit)) {
      await text.drain();
      await answered?.drain();
    }
  }
  rep.end();
  if (incomplete) rep.comment(`incomplete: ${incomplete}`);
  await text.close();
  await answered?.close();
  return rep;
}

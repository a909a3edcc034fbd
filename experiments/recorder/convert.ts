/**
 * A folder of logs becomes `.rep.gz` files, one per process.
 *
 * @module
 */
import { Answers } from "./answers.ts";
import { LineWriter } from "./line_writer.ts";
import { type Head, Kind, kindAt, readHead, records } from "./log_file.ts";
import { stacksIn } from "./stacks.ts";
import { Symbols } from "./symbols.ts";
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

/** A log, and how much of it counts. */
interface Part {
  head: Head;
  /** Bytes of the file. */
  end: number;
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

/** Converts all logs; those of forked children without requests are no traces. */
export async function convert(
  { folder, out, addresses }: Conversion,
): Promise<Recording[]> {
  const heads = [...Deno.readDirSync(folder)]
    .filter(({ name }) => name.endsWith(".log"))
    .map(({ name }) => readHead(folder, name))
    .sort((a, b) => a.started - b.started || (a.name < b.name ? -1 : 1));
  const symbols = new Symbols();
  const all: Recording[] = [];
  for (const head of heads) {
    if (head.parent && !hasRequests(`${folder}/${head.name}`)) continue;
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
    const parts = partsOf(head, heads);
    const rep = await convertOne(folder, parts, path, answers, {
      symbols,
      incomplete,
    });
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
function partsOf(head: Head, heads: readonly Head[]): Part[] {
  const parts = [{ head, end: Infinity }];
  for (let at = head; at.parent;) {
    const { name, bytes } = at.parent;
    const parent = heads.find((h) => h.name === name);
    if (!parent) break;
    parts.unshift({ head: parent, end: bytes });
    at = parent;
  }
  return parts;
}

/** Whether the log holds a request. */
function hasRequests(path: string): boolean {
  let has = false;
  const visits = records(path, Infinity, (words, at) => {
    const kind = kindAt(words, at);
    has ||= kind >= Kind.MALLOC && kind <= Kind.FREE;
  });
  while (!has && !visits.next().done);
  return has;
}

async function convertOne(
  folder: string,
  parts: readonly Part[],
  path: string,
  addresses: string | undefined,
  { symbols, incomplete }: { symbols: Symbols; incomplete: string | undefined },
): Promise<RepConverter> {
  const { pid, program, heap } = parts.at(-1)!.head;
  const text = new TextFile(path, path.endsWith(".gz"));
  const answered = addresses === undefined
    ? undefined
    : new TextFile(addresses, addresses.endsWith(".gz"));
  const answers = answered && new Answers(answered.lines, heap);
  const rep = new RepConverter(text.lines, answers);
  rep.comment(`process ${pid}: ${program}`);
  for (const { head, end } of parts) {
    const log = `${folder}/${head.name}`;
    rep.begin(await symbols.texts(stacksIn(log, end)));
    const visit = (words: Uint32Array, at: number) => rep.record(words, at);
    for (const _ of records(log, end, visit)) {
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

/** A text file that appears when it is whole. */
class TextFile {
  /** What is written here gets into the file. */
  readonly lines: LineWriter;
  readonly #path: string;
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  readonly #writer: WritableStreamDefaultWriter<BufferSource>;
  readonly #written: Promise<void>;

  constructor(path: string, zipped: boolean) {
    this.#path = path;
    this.lines = new LineWriter((piece) => this.#pieces.push(piece));
    const file = Deno.openSync(`${path}.tmp`, {
      write: true,
      create: true,
      truncate: true,
    });
    const through: TransformStream<BufferSource, BufferSource> = zipped
      ? new CompressionStream("gzip")
      : new TransformStream();
    this.#writer = through.writable.getWriter();
    this.#written = through.readable.pipeTo(
      file.writable as WritableStream<BufferSource>,
    );
  }

  async drain(): Promise<void> {
    const pieces = this.#pieces;
    this.#pieces = [];
    for (const piece of pieces) await this.#writer.write(piece);
  }

  async close(): Promise<void> {
    this.lines.flush();
    await this.drain();
    await this.#writer.close();
    await this.#written;
    Deno.renameSync(`${this.#path}.tmp`, this.#path);
  }
}

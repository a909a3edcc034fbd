/**
 * `explain`: what the texts of a kernel or of glibc about memory mean.
 *
 * @module
 */
import {
  explainContents,
  type ExplainOptions,
  type Explanation,
  explanationText,
  textReader,
} from "../kernel_text/explain.ts";
import { KINDS } from "../kernel_text/kinds.ts";
import { MAX_LINE } from "../kernel_text/line.ts";
import { pageSizeOf } from "../kernel_text/page_sizes.ts";
import type { Contents } from "../kernel_text/text_reader.ts";
import { csv } from "../measures/csv.ts";
import { Failure, UsageError } from "../runner/failure.ts";
import { decompress } from "../traces/decompress.ts";
import type { Arguments } from "./arguments.ts";
import type { Command, Lab } from "./command.ts";
import { openInput } from "./input.ts";
import { refuseTrace } from "./other_command.ts";

/** Bytes that a file has at most, once decompressed: 64 MiB. */
const MOST_BYTES = 2 ** 26;

/** A file, explained. */
interface Explained {
  file: string;
  contents: Contents;
  texts: Explanation[];
}

/** The command. */
export const explain: Command = {
  name: "explain",
  summary: "say what texts of a kernel or of glibc about memory mean",
  usage: ["FILE... [options]"],
  options: [
    {
      name: "page-size",
      value: "SIZE",
      summary: "bytes of a page where a text does not show them: 64K; 4K",
    },
    { name: "csv", summary: "samples over time as CSV" },
    { name: "json", summary: "everything that was read as JSON" },
  ],
  notes: {
    title: "Texts, recognised by their lines, alone or among others:",
    lines: KINDS.map(({ name, about }) => [name, about]),
  },
  examples: [
    "explain - < /proc/buddyinfo",
    "explain slabinfo.txt dmesg.txt",
    "explain buddyinfo.log --csv > buddyinfo.csv",
  ],
  parse(args) {
    const files = args.names;
    if (files.length === 0) throw new UsageError("explain expects a FILE");
    if (args.flag("csv") && args.flag("json")) {
      throw new UsageError("--csv and --json exclude each other");
    }
    const options = readOptions(args);
    const print = args.flag("csv")
      ? csvText
      : args.flag("json")
      ? jsonText
      : plainText;
    return async (lab) => {
      const all: Explained[] = [];
      for (const file of files) {
        const contents = await contentsOf(lab, file);
        const texts = explainContents(contents, options);
        all.push({ file, contents, texts });
      }
      for (const text of print(all)) lab.print(text);
    };
  },
};

function readOptions(args: Arguments): ExplainOptions {
  const text = args.text("page-size");
  if (text === undefined) return {};
  const pageBytes = pageSizeOf(text);
  if (pageBytes !== undefined) return { pageBytes };
  throw new UsageError(
    `--page-size expects 4K, 8K, 16K, 32K, 64K or 256K, not "${text}"`,
  );
}

/** Reads a file line by line. */
async function contentsOf(lab: Lab, file: string): Promise<Contents> {
  const reader = textReader(file);
  const decoder = new TextDecoder();
  let begun = ""; // a line without its end
  let bytes = 0;
  for await (const chunk of decompress(file, await openInput(lab, file))) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) {
      throw new Failure(`${file}: longer than ${MOST_BYTES} bytes`);
    }
    const lines = (begun + decoder.decode(chunk, { stream: true })).split("\n");
    begun = lines.pop()!;
    for (const line of lines) reader.line(line);
    if (begun.length > MAX_LINE) reader.line(begun); // which refuses it
  }
  begun += decoder.decode();
  if (begun !== "") reader.line(begun);
  const contents = reader.end();
  if (contents.groups.length === 0) refuseTrace(file, contents.head);
  return contents;
}

function* plainText(all: readonly Explained[]): Generator<string> {
  for (const { file, contents, texts } of all) {
    if (all.length > 1) yield `${file}:\n\n`;
    yield explanationText(contents, texts);
    if (all.length > 1) yield "\n";
  }
}

/** An array with an entry per file, written sample by sample. */
function* jsonText(all: readonly Explained[]): Generator<string> {
  for (const [i, { file, contents, texts }] of all.entries()) {
    const about = { file, linesReadOver: contents.strange.count };
    yield `${i > 0 ? ",\n" : "["}${
      JSON.stringify(about).slice(0, -1)
    },"texts":[`;
    for (const [k, text] of texts.entries()) {
      const { kind, pageBytes, pageKnown, samples } = text;
      const about = { kind: kind.name, pageBytes, pageKnown };
      yield `${k > 0 ? "," : ""}\n${
        JSON.stringify(about).slice(0, -1)
      },"samples":[`;
      for (const [n, { label, line, data }] of samples.entries()) {
        const rows = kind.table.rows(data, text).map((row) =>
          Object.fromEntries(
            kind.table.columns.map((name, c) => [name, row[c]]),
          )
        );
        const sample = { label, line, text: data, rows };
        yield `${n > 0 ? "," : ""}\n${JSON.stringify(sample)}`;
      }
      yield "]}";
    }
    yield "]}";
  }
  yield "]\n";
}

function* csvText(all: readonly Explained[]): Generator<string> {
  const texts = all.flatMap(({ file, texts }) =>
    texts.map((text) => ({ file, ...text }))
  );
  const kinds = [...new Set(texts.map(({ kind }) => kind))];
  if (kinds.length > 1) {
    throw new Failure(
      `--csv expects texts of one kind, not ${
        kinds.map(({ name }) => name).join(" and ")
      }`,
    );
  }
  const { table } = kinds[0]!;
  yield csv([["file", "sample", "time", ...table.columns]]);
  for (const { file, samples, pageBytes } of texts) {
    for (const [i, { label, data }] of samples.entries()) {
      const rows = table.rows(data, { pageBytes });
      yield csv(rows.map((row) => [file, i + 1, label, ...row].map(guarded)));
    }
  }
}

/** A cell as text that no spreadsheet takes for a formula. */
function guarded(cell: string | number): string {
  const text = String(cell);
  return /^[=+@\t\r-]./.test(text) && !/^-?[\d.]+$/.test(text)
    ? `'${text}`
    : text;
}

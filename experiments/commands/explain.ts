/**
 * `explain`: what the kernel's texts about its memory mean.
 *
 * @module
 */
import { gunzip } from "../traces/gunzip.ts";
import { Failure, UsageError } from "../runner/failure.ts";
import type { Command, Lab } from "./command.ts";
import { explainProc } from "../kernel_text/explain_proc.ts";
import { openInput } from "./input.ts";

/** Bytes that such a text has at most. */
const MOST_BYTES = 2 ** 24;

/** The command. */
export const explain: Command = {
  name: "explain",
  summary: "say what /proc/buddyinfo, pagetypeinfo or slabinfo mean",
  usage: ["FILE..."],
  options: [],
  examples: [
    "explain - < /proc/buddyinfo",
    "explain slabinfo.txt",
  ],
  parse(args) {
    if (args.names.length === 0) throw new UsageError("explain expects a FILE");
    return async (lab) => {
      for (const file of args.names) {
        lab.print(explainProc(file, await textOf(lab, file)));
      }
    };
  },
};

async function textOf(lab: Lab, file: string): Promise<string> {
  const bytes = await openInput(lab, file);
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of gunzip(file, bytes)) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_BYTES) {
      throw new Failure(`${file} is longer than such a text can be`);
    }
  }
  return text + decoder.decode();
}

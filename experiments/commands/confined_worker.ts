/**
 * Runs a command whose allocator is a foreign module's, in a process that a
 * keeper watches.
 *
 * @module
 */
import { parentPort } from "node:worker_threads";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { ADVERSARIES } from "../adversaries/mod.ts";
import { say } from "../keeper/message.ts";
import { WORKLOADS } from "../workloads/mod.ts";
import type { Lab } from "./command.ts";
import type { Charge, Said } from "./confined.ts";
import { parse } from "./mod.ts";

function tell(said: Said): void {
  say(said);
}

/** The surroundings of the command, as far as it needs any. */
function labOf({ words, cwd }: Charge): Lab {
  return {
    catalogue: {
      url: "",
      experiments: [],
      chapters: [],
      replayed: [],
      headlines: [],
      allocators: ALLOCATORS,
      workloads: WORKLOADS,
      adversaries: ADVERSARIES,
    },
    words,
    isConfined: true,
    cwd,
    results: "",
    cores: 1,
    colour: false,
    print(print) {
      if (typeof print !== "string") throw new TypeError("No text is printed");
      tell({ print });
    },
    note: (note) => tell({ note }),
    status() {},
    stdin: () => Deno.stdin.readable,
    interruption: () => new AbortController().signal,
  };
}

async function run(charge: Charge): Promise<void> {
  parentPort!.off("message", run);
  parentPort!.unref();
  const lab = labOf(charge);
  try {
    await parse(charge.words, lab.catalogue)(lab);
    tell({ done: true });
  } catch (error) {
    const { name, message } = error instanceof Error
      ? error
      : { name: "Error", message: String(error) };
    tell({ error: name, message });
  }
}

parentPort!.on("message", run);

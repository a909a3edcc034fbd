/**
 * `check`: the conformance suite on any allocator.
 *
 * @module
 */
import { offersOf } from "../../allocators/capability.ts";
import { CONFORMANCE, type MakeHeap } from "../conformance/conformance.ts";
import { prng } from "../laws/prng.ts";
import { Failure, firstLine, UsageError } from "../runner/failure.ts";
import type { Command, Lab } from "./command.ts";
import { confined } from "./confined.ts";
import { loadSpecs, readSpecs } from "./spec_option.ts";

/** The command. */
export const check: Command = {
  name: "check",
  summary: "run the conformance suite on an allocator",
  usage: ["SPEC..."],
  options: [],
  examples: ["check ./mine.ts", "check first_fit:align=8 best_fit"],
  parse(args, { allocators }) {
    const specs = readSpecs(args.names, allocators);
    if (specs.length === 0) throw new UsageError("check expects a SPEC");
    return (lab) => confined(lab, specs, [], () => checkAll(lab, specs));
  },
};

async function checkAll(lab: Lab, texts: readonly string[]): Promise<void> {
  const specs = await loadSpecs(lab, texts);
  let failed = 0;
  for (const text of texts) {
    const spec = specs.parse(text);
    const { entry, values } = spec;
    const make: MakeHeap = (source) =>
      entry.create(values, { source, draw: prng(1) });
    lab.print(`${spec.text}\n`);
    const offers = offersOf(spec);
    for (const property of CONFORMANCE) {
      let verdict = "ok    ";
      let why = "";
      try {
        const { needs } = property;
        if (!needs || offers.has(needs)) property.run(make, spec);
        else why = ": not offered";
      } catch (error) {
        failed++;
        verdict = "FAILED";
        why = `: ${firstLine(error)}`;
      }
      lab.print(`  ${verdict} ${property.name}${why}\n`);
    }
  }
  if (failed > 0) {
    const all = texts.length * CONFORMANCE.length;
    throw new Failure(`${failed} of ${all} checks failed`);
  }
}

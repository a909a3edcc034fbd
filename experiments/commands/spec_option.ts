/**
 * Allocators on a command line: checked when it is read, loaded when it runs.
 *
 * @module
 */
import type { AllocatorEntry, Spec } from "../../allocators/entry.ts";
import { UsageError } from "../runner/failure.ts";
import { foreignSpecs } from "../runner/foreign_specs.ts";
import { LIMITS } from "../runner/module_process.ts";
import { moduleUrls, Specs } from "../runner/specs.ts";
import { printable } from "../traces/lines.ts";
import { type Option, together } from "./arguments.ts";
import type { Lab } from "./command.ts";

/** Allocators to run. */
export const ALLOCATOR: Option = {
  name: "allocator",
  value: "SPEC,SPEC",
  many: true,
  summary: "name[:key=value]..., or ./mine.ts[:key=value]...",
};

/** The specs in `lists`; `UsageError` for one that means nothing. */
export function readSpecs(
  lists: readonly string[],
  allocators: readonly AllocatorEntry[],
): string[] {
  const known = new Specs(allocators);
  const specs = lists.flatMap((list) => list.split(","));
  together(...specs.map((spec) => () => checkSpec(known, spec)));
  return [...new Set(specs)];
}

/** Throws `UsageError` if `spec` means nothing. */
function checkSpec(known: Specs, spec: string): void {
  if (spec === "") throw new UsageError("--allocator has an empty spec");
  try {
    known.check(spec);
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

/**
 * All allocators that `specs` need; `Failure` for a module that is none, or
 * takes more than `limits`.
 */
export function loadSpecs(
  lab: Lab,
  specs: readonly string[],
  limits = LIMITS,
): Promise<Specs> {
  const { catalogue: { allocators, url }, cwd, isConfined } = lab;
  const modules = moduleUrls(specs, cwd);
  if (isConfined) return Specs.load(allocators, modules);
  const setting = { catalogue: url, modules, cwd, spooled: new Map() };
  return foreignSpecs(allocators, specs, {
    setting,
    limits,
    printed: (module, line) => notePrinted(lab, module, line),
  });
}

/** Tells what a module printed. */
export function notePrinted(lab: Lab, module: string, line: string): void {
  lab.note(`${module} prints: ${printable(line, 500)}`);
}

/** Says what to know of `specs` before they serve bytes. */
export function noteAdvice(lab: Lab, specs: readonly Spec[]): void {
  for (const { entry, values, text } of specs) {
    const advice = entry.advice?.(values);
    if (advice !== undefined) lab.note(`Note: ${text}: ${advice}`);
  }
}

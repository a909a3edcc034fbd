/**
 * Specs that name foreign modules: each module is asked, in a process of its
 * own, what they mean.
 *
 * @module
 */
import type { AllocatorEntry } from "../../allocators/entry.ts";
import { brokenSpec, specIn } from "./described.ts";
import { Failure } from "./failure.ts";
import type { Setting } from "./files.ts";
import { Guest } from "./hands.ts";
import type { Limits } from "./module_process.ts";
import { moduleSpec, type ModuleUrls, type NamedSpec, Specs } from "./specs.ts";

/** How to ask. */
export interface Asking {
  /** Its modules are asked. */
  setting: Setting;
  /** What they may take. */
  limits: Limits;
  /** Hears what a module prints. */
  printed(module: string, line: string): void;
}

/** Throws `Failure` unless there is a file for each of `modules`. */
export function checkThere(modules: ModuleUrls): void {
  for (const [path, url] of Object.entries(modules)) {
    try {
      if (Deno.statSync(new URL(url)).isFile) continue;
    } catch { /* said below */ }
    throw new Failure(`Cannot find the allocator module ${path}`);
  }
}

/**
 * The `registry`, and `texts` that modules of the setting describe. Throws
 * `Failure` for a file that is no module of an allocator, `RangeError` for a
 * spec that means nothing to it; one that misbehaves has broken specs.
 */
export async function foreignSpecs(
  registry: readonly AllocatorEntry[],
  texts: readonly string[],
  asking: Asking,
): Promise<Specs> {
  const { modules } = asking.setting;
  checkThere(modules);
  const known = new Map<string, NamedSpec>();
  for (const module of Object.keys(modules)) {
    const own = texts.filter((text) => moduleSpec(text)?.path === module);
    const answers = await described(module, own, asking);
    own.forEach((text, i) => {
      const spec = typeof answers === "string"
        ? brokenSpec(module, text, answers)
        : specIn(module, text, answers[i]);
      known.set(text, spec).set(spec.text, spec);
    });
  }
  return new Specs(registry, new Map(), known);
}

/** What a module says about `texts`, or why it says nothing. */
async function described(
  module: string,
  texts: readonly string[],
  { setting, limits, printed }: Asking,
): Promise<readonly unknown[] | string> {
  const guest = new Guest({
    module,
    setting,
    limits,
    files: [],
    printed: (line) => printed(module, line),
  });
  try {
    const answers = await guest.describe(texts);
    return await guest.end() ?? answers;
  } finally {
    guest.stop();
  }
}

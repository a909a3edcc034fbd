/**
 * What places in the code of modules are called: `function (file:line)`, with
 * what was inlined there, innermost first; `module+offset` where nobody knows.
 *
 * Asks addr2line of the GNU binutils or LLVM's symbolizer, which takes the same
 * options.
 *
 * @module
 */
import { BETWEEN_FRAMES, MAX_SITE } from "../traces/sites.ts";
import type { Place } from "./stacks.ts";

/** What std::string is called by who expands it. */
const STRING =
  /std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> ?>/g;
/** Places asked about in one call. */
const BATCH = 20_000;
const SYMBOLIZERS = [
  ["addr2line", "-a", "-f", "-C", "-i", "-e"],
  [
    "llvm-symbolizer",
    "--output-style=GNU",
    "-a",
    "-f",
    "-C",
    "-i",
    "-e",
  ],
];

/** Names places; each is asked for once. */
export class Symbols {
  readonly #names = new Map<string, Map<number, string>>();
  #symbolizer: readonly string[] | undefined = SYMBOLIZERS[0];

  /** The texts of S lines for `stacks`; "" for an empty one. */
  async texts(stacks: readonly (readonly Place[])[]): Promise<string[]> {
    await this.#learn(stacks.flat());
    return stacks.map((places) => {
      const frames = places.map((place) => this.#name(place));
      while (
        frames.length > 1 && frames.join(BETWEEN_FRAMES).length > MAX_SITE
      ) frames.pop();
      return frames.join(BETWEEN_FRAMES).slice(0, MAX_SITE).trim();
    });
  }

  #name({ module, address }: Place): string {
    return this.#names.get(module)?.get(address) ?? offset(module, address);
  }

  async #learn(places: readonly Place[]): Promise<void> {
    const wanted = new Map<string, Set<number>>();
    for (const { module, address } of places) {
      if (!module.startsWith("/")) continue;
      if (this.#names.get(module)?.has(address)) continue;
      const set = wanted.get(module) ?? new Set();
      wanted.set(module, set.add(address));
    }
    for (const [module, addresses] of wanted) {
      const names = this.#names.get(module) ?? new Map<number, string>();
      this.#names.set(module, names);
      const all = [...addresses].sort((a, b) => a - b);
      for (let i = 0; i < all.length; i += BATCH) {
        const part = all.slice(i, i + BATCH);
        const output = await this.#ask(module, part);
        for (const [k, name] of namesIn(output, part.length).entries()) {
          names.set(part[k]!, name ?? offset(module, part[k]!));
        }
      }
    }
  }

  /** What the symbolizer says about places before `addresses`; "": nothing. */
  async #ask(module: string, addresses: readonly number[]): Promise<string> {
    while (this.#symbolizer) {
      const [program, ...args] = this.#symbolizer;
      try {
        const child = new Deno.Command(program!, {
          args: [...args, module],
          stdin: "piped",
          stdout: "piped",
          stderr: "null",
        }).spawn();
        // A return address is behind its call.
        const lines = addresses.map((a) => `0x${(a - 1).toString(16)}\n`);
        const output = child.output();
        const input = new Blob(lines).stream().pipeTo(child.stdin)
          .catch(() => {}); // it did not read: its output is short
        const { stdout } = await output;
        await input;
        return new TextDecoder().decode(stdout);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
        const next = SYMBOLIZERS.indexOf(this.#symbolizer as string[]) + 1;
        this.#symbolizer = SYMBOLIZERS[next];
      }
    }
    return "";
  }
}

/** The names in `output` of `count` places; undefined where there is none. */
function namesIn(output: string, count: number): (string | undefined)[] {
  const parts = output.split(/^0x[\da-f]+$/m).slice(1);
  return Array.from({ length: count }, (_, k) => {
    const lines = (parts[k] ?? "").trim().split("\n");
    const frames: string[] = [];
    for (let i = 0; i + 1 < lines.length; i += 2) {
      if (lines[i] === "??") break;
      frames.push(frame(lines[i]!, lines[i + 1]!));
    }
    return frames.length > 0 ? frames.join(BETWEEN_FRAMES) : undefined;
  });
}

/** `function (file:line)`, or the function alone. */
function frame(name: string, place: string): string {
  const [, file, line] = /([^/]+):(\d+)(?: \(discriminator \d+\))?$/.exec(
    place,
  ) ?? [];
  const shown = clean(name.replace(STRING, "std::string"));
  return file === undefined || file === "??" || line === "0"
    ? shown
    : `${shown} (${clean(file)}:${line})`;
}

function offset(module: string, address: number): string {
  const name = clean(module.replace(/.*\//, "")) || "unknown";
  return `${name}+0x${address.toString(16)}`;
}

/** `text` as an S line can hold it. */
function clean(text: string): string {
  return text.replace(/[\p{Cc}\ufffd]/gu, "?").replace(/ +/g, " ").trim();
}

/**
 * One direction: what each room may import, what pure rooms may not name, and
 * how long a file may be.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../", import.meta.url);
const granted = (await Deno.permissions.query({
  name: "read",
  path: ROOT,
})).state === "granted";

/** Paths of all TypeScript files under `folder`, relative to the root. */
function sources(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, ROOT))].flatMap((entry) => {
    const path = folder + entry.name;
    if (entry.isDirectory) return sources(path + "/");
    return path.endsWith(".ts") ? [path] : [];
  }).sort();
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, ROOT));
}

/** The code of a file without comments and string contents. */
function code(path: string): string {
  return read(path).replace(
    /\/\*[\s\S]*?\*\/|\/\/.*|"(?:\\.|[^"\\\n])*"/g,
    (m) => m.startsWith('"') ? '""' : "",
  );
}

/** What a file imports: paths relative to the root, or bare names. */
function imports(path: string): string[] {
  const text = read(path).replace(/\/\*[\s\S]*?\*\//g, "");
  const names = text.matchAll(
    /^\s*(?:import|export)\b[^"';]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm,
  );
  return [...names].map((m) => (m[1] ?? m[2] ?? m[3])!).map((name) =>
    name.startsWith(".")
      ? new URL(name, new URL(path, ROOT)).href.slice(ROOT.href.length)
      : name
  );
}

/**
 * The rooms from the bottom up: each may import from itself, from the rooms
 * above it in this list, and from the packages it names.
 */
const LAYERS: readonly (readonly [room: string, ...packages: string[]])[] = [
  ["allocators"],
  ["experiments/laws", "pure-rand"],
  ["experiments/conformance"],
  ["experiments/traces", "fzstd", "pako"],
  ["experiments/measures", "hyparquet-writer", "simple-statistics", "@std/csv"],
  ["experiments/replay"],
  ["experiments/experiment"],
  ["experiments/workloads"],
  ["experiments/adversaries"],
  ["experiments/kernel_text"],
  ["experiments/questions"],
  ["experiments/report"],
  ["experiments/keeper", "node:worker_threads"],
  [
    "experiments/runner",
    "node:crypto",
    "node:path",
    "node:url",
    "node:worker_threads",
  ],
  ["experiments/sweep", "node:path"],
  ["experiments/why"],
  ["experiments/lab"],
  [
    "experiments/recorder",
    "node:crypto",
    "node:path",
    "node:stream",
    "node:zlib",
  ],
  ["experiments/real", "node:path"],
  [
    "experiments/commands",
    "node:path",
    "node:worker_threads",
    "@std/cli/parse-args",
  ],
  ["experiments/main.ts"],
];

/** What a room may not know although it lies above: it is handed to it. */
const APART: Readonly<Record<string, readonly string[]>> = {
  "experiments/report": ["allocators", "experiments/workloads"],
  "experiments/runner": ["experiments/workloads", "experiments/report"],
};

/** Rooms above which nothing else stands: only the entrances name questions. */
const QUESTIONS = "experiments/questions";
const ENTRANCES = ["experiments/main.ts", "experiments/lab/worker.ts"];

/** The room of a path: its place in {@linkcode LAYERS}, or -1. */
function roomOf(path: string): number {
  return LAYERS.findIndex(([room]) =>
    path === room || path.startsWith(room + "/")
  );
}

/** Why `path` may not import `name`; undefined if it may. */
function forbidden(path: string, name: string): string | undefined {
  const from = roomOf(path);
  const to = roomOf(name);
  const [room, ...packages] = LAYERS[from]!;
  if (to < 0) {
    const known = packages.some((p) => name === p || name.startsWith(p + "/"));
    return known || room.endsWith("runner") && name === "deno.json"
      ? undefined
      : "is no package of its room";
  }
  const [target] = LAYERS[to]!;
  if (to > from) return "lies above it";
  if (APART[room]?.includes(target) && !/\/(entry|registry)\.ts$/.test(name)) {
    return "is handed to it";
  }
  return target === QUESTIONS && room !== QUESTIONS && !ENTRANCES.includes(path)
    ? "is named by the entrance only"
    : undefined;
}

Deno.test({
  name: "imports go one way",
  ignore: !granted,
  fn() {
    const all = ["mod.ts", ...["allocators/", "experiments/"].flatMap(sources)];
    for (const path of all) {
      if (path !== "mod.ts") assert(roomOf(path) >= 0, `${path} is in no room`);
      for (const name of imports(path)) {
        const why = path === "mod.ts"
          ? roomOf(name) < 0 ? "is in no room" : undefined
          : forbidden(path, name);
        assertEquals(why, undefined, `${path} imports ${name}: it ${why}`);
      }
    }
  },
});

Deno.test({
  name: "models and workloads have no clock, no luck of their own, no Deno",
  ignore: !granted,
  fn() {
    const impure = /\b(Math\.random|Date|performance|Deno|crypto|setTimeout)\b/;
    const pure = [
      "allocators/",
      ...LAYERS.map(([room]) => room + "/").filter((room) =>
        room.startsWith("experiments/") &&
        !/keeper|runner|sweep|recorder|real|commands|main/.test(room)
      ),
    ];
    for (const path of pure.flatMap(sources)) {
      if (/^experiments\/lab\/(page\/|worker\.ts)/.test(path)) continue; // in a browser
      const named = impure.exec(code(path))?.[0];
      assertEquals(named, undefined, `${path} names ${named}`);
    }
  },
});

Deno.test({
  name: "models keep their state in properties, where a snapshot finds it",
  ignore: !granted,
  fn() {
    for (const path of sources("allocators/")) {
      const named = /(^|[\s.*])#\w+/m.exec(code(path))?.[0];
      assertEquals(named, undefined, `${path} has a hidden member ${named}`);
    }
  },
});

Deno.test({
  name: "only the command line and keepers print, reads arguments or exits",
  ignore: !granted,
  fn() {
    const loud = /\b(console\.\w+|Deno\.(args|exit|stdout|stderr|exitCode))\b/;
    for (
      const path of [...sources("allocators/"), ...sources("experiments/")]
    ) {
      if (/^experiments\/(main\.ts|keeper\/)/.test(path)) continue;
      const named = loud.exec(code(path))?.[0];
      assertEquals(named, undefined, `${path} names ${named}`);
    }
  },
});

Deno.test({
  name: "no file above 400 lines, half of them under 120",
  ignore: !granted,
  fn() {
    const all = ["allocators/", "experiments/", "tests/", "offline/"];
    const lengths = all.flatMap(sources).map((path) => {
      const lines = read(path).split("\n").length - 1;
      assert(lines <= 400, `${path} has ${lines} lines`);
      return lines;
    }).sort((a, b) => a - b);
    assert(lengths[lengths.length >> 1]! < 120, `median ${lengths}`);
  },
});

if (!granted) console.log("architecture_test: skipped, needs --allow-read");

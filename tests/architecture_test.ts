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

/** Experiments, and the list of them. */
const QUESTIONS = /^experiments\/(?!main\.ts)[a-z0-9_]+\.ts$/;

/** Rooms from the bottom up: each may import from the patterns behind it. */
const MAY_IMPORT: readonly [RegExp, readonly RegExp[]][] = [
  [/^allocators\//, [/^allocators\//]],
  [/^experiments\/harness\//, [
    /^allocators\//,
    /^experiments\/harness\//,
    /^(pako|pure-rand|simple-statistics|@std\/csv)/,
  ]],
  [/^experiments\/importers\//, [
    /^allocators\/freelist\/address_table\.ts$/, // addresses to objects
    /^experiments\/(harness|importers)\//,
  ]],
  [/^experiments\/workloads\//, [
    /^allocators\/entry\.ts$/, // how options are declared
    /^experiments\/(harness|workloads|importers)\//,
  ]],
  [/^experiments\/report\//, [
    /^experiments\/(harness|report)\//,
    /^vega(-lite)?$/,
  ]],
  [QUESTIONS, [
    /^allocators\//,
    /^experiments\/(harness|workloads|importers)\//,
    QUESTIONS,
  ]],
  [/^mod\.ts$/, [
    /^allocators\/mod\.ts$/,
    /^experiments\/(harness|workloads|importers)\//,
  ]],
  [/^experiments\/runner\//, [
    /^allocators\/(entry|registry)\.ts$/,
    /^experiments\/(harness|importers|runner)\//,
    /^node:(crypto|path|url)$/,
    /^deno\.json$/, // the version
  ]],
  [/^experiments\/commands\//, [
    /^allocators\//,
    /^experiments\/(harness|workloads|importers|report|runner|commands)\//,
    /^node:path$/,
    /^@std\/cli\/parse-args$/,
  ]],
  [/^experiments\/main\.ts$/, [
    /^allocators\/registry\.ts$/,
    /^experiments\/workloads\//,
    /^experiments\/(commands|runner)\//,
    QUESTIONS,
  ]],
];

Deno.test({
  name: "imports go one way",
  ignore: !granted,
  fn() {
    const all = ["mod.ts", ...["allocators/", "experiments/"].flatMap(sources)];
    for (const path of all) {
      const rule = MAY_IMPORT.find(([room]) => room.test(path));
      assert(rule, `${path} is in no room`);
      for (const name of imports(path)) {
        assert(rule[1].some((r) => r.test(name)), `${path} imports ${name}`);
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
      "experiments/workloads/",
      "experiments/importers/",
      "experiments/harness/",
      "experiments/report/",
    ];
    for (const path of pure.flatMap(sources)) {
      const named = impure.exec(code(path))?.[0];
      assertEquals(named, undefined, `${path} names ${named}`);
    }
  },
});

Deno.test({
  name: "only the command line prints, reads arguments or exits",
  ignore: !granted,
  fn() {
    const loud = /\b(console\.\w+|Deno\.(args|exit|stdout|stderr|exitCode))\b/;
    for (
      const path of [...sources("allocators/"), ...sources("experiments/")]
    ) {
      if (path === "experiments/main.ts") continue;
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

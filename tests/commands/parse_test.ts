import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { readArguments } from "../../experiments/commands/arguments.ts";
import { COMMANDS, parse } from "../../experiments/commands/mod.ts";
import {
  readChoice,
  readFolderOptions,
  RUN_OPTIONS,
} from "../../experiments/commands/run_options.ts";
import { NO_ALLOCATOR } from "../../experiments/experiment/experiment.ts";
import { prng } from "../../experiments/laws/prng.ts";
import { EXPERIMENTS as REAL_EXPERIMENTS } from "../../experiments/questions/mod.ts";
import { UsageError } from "../../experiments/runner/failure.ts";
import { LIMITS } from "../../experiments/runner/module_process.ts";
import { cellsOf, gridOf } from "../../experiments/runner/plan.ts";
import { Specs } from "../../experiments/runner/specs.ts";
import { CATALOGUE, EXPERIMENTS } from "../runner/fixture.ts";
import { spoken, wordsOf } from "./spoken.ts";

const { allocators } = CATALOGUE;
const specs = new Specs(allocators);

/** What the options of a run mean. */
function request(line: string) {
  const args = readArguments(line.split(" ").filter(Boolean), RUN_OPTIONS);
  return {
    ...readChoice(args, allocators, EXPERIMENTS),
    ...readFolderOptions(args),
  };
}

Deno.test("options of a run mean what help says", () => {
  assertEquals(request(""), {
    overrides: {},
    scale: "default",
    jobs: 0,
    limits: LIMITS,
    resume: false,
  });
  assertEquals(
    request(
      "--allocator first_fit:align=8,./a.ts:x=1 --allocator bump --seeds 3 " +
        "--set live=1,2e1 --set how=1,2.5,-3e2,0x10,uniform:1:9,1+2,a=b --jobs 2 " +
        "--scale=quick --out data/x --resume --cell-time 5 --cell-memory 300 --cell-disk 8",
    ),
    {
      allocators: ["first_fit:align=8", "./a.ts:x=1", "bump"],
      overrides: {
        live: [1, 20],
        how: [1, 2.5, -300, "0x10", "uniform:1:9", "1+2", "a=b"],
      },
      seeds: [1, 2, 3],
      scale: "quick",
      jobs: 2,
      limits: { ...LIMITS, cell: 5, memory: 300 * 2 ** 20, disk: 2 ** 23 },
      out: "data/x",
      resume: true,
    },
  );
  assertEquals(request("--seed 7").seeds, [7]);
  assertEquals(request("--seeds 3,5,9").seeds, [3, 5, 9]);
  for (
    const line of [
      "--seed 1 --seeds 2",
      "--seed x",
      "--seed -1",
      "--seed",
      "--seeds 0",
      "--seeds 1,x",
      "--seeds 99999999",
      "--jobs 0",
      "--scale tiny",
      "--set live",
      "--set live=",
      "--set live=1,",
      "--set live=a;b=1",
      "--set live=-1",
      "--set live=2.5",
      "--set live=x",
      "--set how=a\tb",
      "--out a\nb",
      "--no-resume",
      "--no-out",
      "--resume=no",
      "--set live=1 --set live=2",
      "--set __proto__=1",
      "--set constructor=1",
      "--allocator first_fit,",
      "--out a --out b",
      "--resume --x",
    ]
  ) assertThrows(() => request(line), UsageError, undefined, line);
});

Deno.test("a wrong command line is told what is known", () => {
  const wrong: [line: string, says: RegExp][] = [
    ["experiments bogus", /^Unknown experiment "bogus": known are churning, p/],
    ["experiments --bogus", /^Unknown option --bogus: known are --allocator, /],
    ["experiments --=", /^Unknown option --=: known are --allocator, --set/],
    ["experiments --set a=1", /^Unknown parameter "a": known are file, how, l/],
    [
      "experiments paging --set live=1",
      /^Unknown parameter .* known are order/,
    ],
    [
      "experiments --allocator x",
      /^Unknown allocator "x": known are first_fit/,
    ],
    ["check first_fit:x=1", /^Unknown option "x" of first_fit: known are head/],
    ["claims bogus", /^Unknown claim "bogus": known are one, kingsley-wastes/],
    ["workload bogus", /^Unknown workload "bogus": known are random_churn, /],
    ["replay", /^replay expects a FILE \(see deno task run replay --help\)$/],
    ["replay a.rep", /^replay expects --allocator/],
    ["replay a b --allocator bump --addresses", /one FILE and one SPEC/],
    ["replay a --allocator bump --explain", /^--explain goes with --addresses/],
    [
      "replay a --allocator bump --addresses --out b",
      /^--out goes without --a/,
    ],
    [
      "replay a --allocator bump --touch x",
      /^--touch expects one of none, first, all, not "x"/,
    ],
    [
      "replay a --allocator bump --pid x",
      /^--pid expects numbers of processes/,
    ],
    ["export ../x", /names no experiment or table/],
    [
      "experiments churning paging --set live=10,-1",
      /^--set live of churning expects a whole number >= 0, not "-1" \(see /,
    ],
    [
      "experiments --no-resume",
      /^Unknown option --no-resume: did you mean --resume\?/,
    ],
    ["claims --json=foo", /^--json takes no value \(see deno task run claims/],
    ["replay a --out a\nb", /^--out expects FOLDER \(see /],
    [
      "experiments --seed -1",
      /^--seed expects a whole number in 0\.\.4294967295, not "-1" \(see /,
    ],
    [
      "record --depth -1 -- ls",
      /^--depth expects a whole number in 0\.\.64, n/,
    ],
    ["experiments -1", /^Unknown option -1: known are --allocator/],
    // All that is wrong is told.
    [
      "experiments churnin pagin x y",
      /^Unknown experiment "churnin": did you mean churning\? Unknown experiment "pagin": did you mean paging\? Unknown experiment "x", experiment "y": known are churning, /,
    ],
    [
      "experiments churnin --allocator bum,best_fi,first_fit:aling=8:headr=1",
      /"churnin": .* allocator "bum": did you mean bump\? .* allocator "best_fi": did you mean best_fit\? .* option "aling" of first_fit: did you mean align\? Unknown option "headr" of first_fit: did you mean header\? \(see/,
    ],
    [
      "experiments churning --set lve=1 --set live=-1 --set stps=2 --scale tiny",
      /^Unknown parameter "lve": did you mean live\? Unknown parameter "stps": did you mean steps\? --set live of churning expects a whole number >= 0, not "-1"\. --scale is one of /,
    ],
    [
      "experiments --scle quick --jbs 2",
      /^Unknown option --scle: did you mean --scale\? Unknown option --jbs: did you mean --jobs\?/,
    ],
    [
      "claims on fals",
      /"on": did you mean one\? .*"fals": did you mean false\?/,
    ],
    ["figures churnin pagin", /mean churning\? Unknown .* mean paging\?/],
    ["check bum best_fi", /mean bump\? Unknown .* mean best_fit\?/],
    ["help experimnts lst", /mean experiments\? Unknown .* mean list\?$/],
    ["workload robson --allocator bump,best_fit", /^workload expects one SPEC/],
    ["list bum churnin", /^Unknown name "bum": did .* mean churning\?/],
  ];
  for (const [line, says] of wrong) {
    const words = line.split(" ");
    const error = assertThrows(() => parse(words, CATALOGUE), UsageError);
    assertMatch(error.message, says);
  }
});

Deno.test("list tells all of what is named, and nothing else", async () => {
  const { out } = await spoken(["list", "churning", "bump"]);
  assertMatch(out, /^Experiments\n {2}churning: .*\n/);
  assertMatch(out, /\n {6}allocators first_fit, .*\n {6}claim one: /);
  assertMatch(out, /\n\nAllocators\n {2}bump: /);
  assert(!/paging|best_fit:|Workloads|Adversaries/.test(out), out);
  const owner = await spoken(["list", "one", "--json"]);
  const { experiments, allocators } = JSON.parse(owner.out);
  assertEquals(experiments.map(({ name }: { name: string }) => name), [
    "churning",
  ]);
  assertEquals(allocators, []);
});

Deno.test("help takes the name of a command; --version is answered", async () => {
  assertEquals(await spoken(["help", "list"]), await spoken(["list", "-h"]));
  assertMatch((await spoken(["--version"])).out, /^fraglab \d+\.\d+\.\d+\n$/);
});

Deno.test("declared values tell what a parameter may be set to", () => {
  const real = { ...CATALOGUE, experiments: REAL_EXPERIMENTS };
  const cases: [line: string, expects?: string][] = [
    ["random_sizes requests=0"],
    ["random_sizes requests=-1", "a whole number >= 0"],
    ["random_sizes sizes=exp:100,constant:1"],
    ["random_sizes sizes=uniform:9:1", "a law such as uniform:1:1999"],
    ["random_sizes lifetimes=random:77"], // declared, and no law
    ["map_churn strings=none,exp:10"],
    ["map_churn strings=no", "a law such as uniform:1:1999, or one of none"],
    ["buddy_checkerboard pattern=straddle"],
    ["buddy_checkerboard pattern=foo", "one of alternate, straddle"],
    ["brk_top_pin order=C"], // words in any order
    ["map_string order=ascending"], // a single word declared tells nothing
    ["heap_game sizes=3+5,4"],
    ["heap_game sizes=1+x", "whole numbers >= 0 such as 1+2+4"],
  ];
  for (const [line, expects] of cases) {
    const [name, setting] = line.split(" ");
    const words = ["experiments", name!, "--set", setting!];
    if (expects === undefined) assert(parse(words, real), line);
    else {
      const { message } = assertThrows(() => parse(words, real), UsageError);
      assert(
        message.includes(` of ${name} expects ${expects}, not "`),
        message,
      );
    }
  }
  // What is declared may be set.
  for (const { name, parameters } of REAL_EXPERIMENTS) {
    for (const [key, { values }] of Object.entries(parameters)) {
      const all = Object.values(values).flat();
      if (/[,;]/.test(all.join(""))) continue;
      parse(["experiments", name, "--set", `${key}=${all.join()}`], real);
    }
  }
});

Deno.test("a grid is every combination, in order", () => {
  const choice = request("--set live=1,2 --seeds 2 --scale quick");
  const grid = gridOf(EXPERIMENTS[0]!, choice, specs);
  const cells = cellsOf(grid, EXPERIMENTS[0]!, specs);
  assertEquals(cells.length, 3 * 2 * 2);
  assertEquals(
    cells.slice(0, 5).map(({ allocator, parameters, seed }) =>
      `${allocator} ${parameters.live} ${seed}`
    ),
    [
      "first_fit 1 1",
      "first_fit 1 2",
      "first_fit 2 1",
      "first_fit 2 2",
      "best_fit 1 1",
    ],
  );
  const free = { ...choice, allocators: ["bump"] };
  const reading = EXPERIMENTS.find(({ name }) => name === "reading")!;
  assertEquals(gridOf(reading, free, specs).allocators, [NO_ALLOCATOR]);
  const own = gridOf(EXPERIMENTS[0]!, { ...free, overrides: {} }, specs);
  assertEquals(own.allocators, ["bump"]);
  assertEquals(own.parameters.live, [10]);
});

Deno.test("what draws nothing is run with one seed", () => {
  const cells = (name: string, line: string) => {
    const one = [...REAL_EXPERIMENTS, ...EXPERIMENTS]
      .find((e) => e.name === name)!;
    const args = readArguments(line.split(" ").filter(Boolean), RUN_OPTIONS);
    const grid = gridOf(one, readChoice(args, allocators, [one]), specs);
    return {
      grid,
      seedsAt: (key: string) =>
        cellsOf(grid, one, specs)
          .filter(({ allocator }) => allocator === grid.allocators[0])
          .map(({ parameters, seed }) => `${parameters[key]} ${seed}`),
    };
  };
  const plain = cells("paging", "--seeds 3");
  assertEquals([plain.grid.random, plain.grid.seeds], [false, [1]]);
  assertEquals(plain.seedsAt("order"), ["0 1", "3 1"]);
  assertEquals(cells("paging", "--seed 7").seedsAt("order"), ["0 1", "3 1"]);
  const random = cells("churning", "--set live=9");
  assertEquals([random.grid.random, random.grid.seeds.length], [true, 5]);
  assertEquals(cells("churning", "--scale quick").seedsAt("live"), ["10 1"]);
  const mixed = cells("map_clear", "--seeds 2 --set ending=clear");
  assertEquals(mixed.grid.random, true);
  assertEquals(mixed.seedsAt("order"), ["ascending 1", "random 1", "random 2"]);
  // An allocator may draw where the experiment does not.
  const lucky = cells("robson", "--allocator kmalloc:shuffle=1 --seeds 2");
  assertEquals([lucky.grid.random, lucky.grid.seeds], [true, [1, 2]]);
});

Deno.test("an experiment selects points of its own grid, not of the user's", () => {
  const some = {
    ...EXPERIMENTS[0]!,
    selects: ({ live }: Record<string, unknown>) => live === 200,
  };
  const points = (line: string) =>
    cellsOf(gridOf(some, request(`--seed 1 ${line}`), specs), some, specs)
      .filter(({ allocator }) => allocator === "first_fit")
      .map(({ parameters: { live, steps } }) => `${live} ${steps}`);
  assertEquals(points(""), ["200 2000"]);
  assertEquals(points("--set live=1"), ["1 2000"]);
  assertEquals(points("--set steps=9"), ["50 9", "200 9"]);
});

Deno.test("every example in help means something", () => {
  const real = { ...CATALOGUE, experiments: REAL_EXPERIMENTS };
  for (const { examples, name } of COMMANDS) {
    for (const example of examples) {
      const words = wordsOf(example.split(/ [<>] /)[0]!);
      assertEquals(words[0], name);
      assert(parse(words, real), example);
    }
  }
});

Deno.test("50,000 mutated command lines: only typed errors", () => {
  const draw = prng(2024);
  const pick = <T>(some: readonly T[]): T => some[draw.below(some.length)]!;
  const lines = COMMANDS.flatMap(({ examples }) => examples).map(wordsOf);
  const odd = [
    ..."--set --seeds --where --jobs --out --no-resume --__proto__ -- - -- -x"
      .split(" "),
    ..."--set=live=1 --seeds=1e9 --where== --help=1 --json=x live=1,,2".split(
      " ",
    ),
    ..."churning first_fit:::= ./x.ts:a=b=c \0 \u{1f600} 99999999999999999999"
      .split(" "),
    "",
    " ",
    "constructor",
    "toString=1",
  ];
  const mutate = (word: string) => {
    const at = draw.below(word.length + 1);
    const rest = word.slice(at + draw.below(3));
    return word.slice(0, at) + String.fromCharCode(draw.below(300)) + rest;
  };
  let accepted = 0;
  const start = performance.now();
  for (let i = 0; i < 50_000; i++) {
    const words = [...pick(lines)];
    for (let n = draw.below(4); n > 0; n--) {
      const at = draw.below(words.length + 1);
      const kind = draw.below(4);
      if (kind === 0) words.splice(at, 0, pick(odd));
      else if (kind === 1) words.splice(at, 1);
      else if (kind === 2) words.splice(at, 0, pick(pick(lines)));
      else if (at < words.length) words[at] = mutate(words[at]!);
    }
    try {
      parse(words, CATALOGUE);
      accepted++;
    } catch (error) {
      const line = JSON.stringify(words);
      assert(error instanceof UsageError, `${line}: ${error}`);
      assert(error.message.length > 10 && !error.message.includes("\n"), line);
    }
  }
  assert(accepted > 5000 && accepted < 95_000, `${accepted} accepted`);
  assert(performance.now() - start < 30_000, "none takes long");
});

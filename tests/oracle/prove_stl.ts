/**
 * Proves the containers and the pool against the real ones: builds the C++
 * programs with c++ and compares fresh random lives.
 *
 *     deno run -A tests/oracle/prove_stl.ts [rounds] [--record]
 *
 * `--record` writes the digests of one round, which the tests compare where
 * there is no compiler.
 *
 * @module
 */
import { type AllocatorName, LIVES, simulate } from "./container_life.ts";
import { simulateScarce } from "./scarce_pool.ts";

const OPERATIONS = 100_000;

/** A C++ program, its twin, and what both are called with beside a seed. */
interface Proof {
  program: string;
  calls(seed: number): (string | number)[][];
  simulate(args: (string | number)[]): string[];
}

const PROOFS: readonly Proof[] = [
  {
    program: "containers",
    calls: (seed) =>
      Object.keys(LIVES).flatMap((name) => [
        [name, "std", seed, OPERATIONS],
        [name, "pool", seed, OPERATIONS],
      ]),
    simulate: ([name, allocator, seed, operations]) =>
      simulate(
        `${name}`,
        allocator as AllocatorName,
        Number(seed),
        Number(operations),
      ),
  },
  {
    program: "scarce_pool",
    calls: (seed) =>
      [9000, 60_000, 200_000].map((bytes) => [seed, OPERATIONS, bytes]),
    simulate: (args) => {
      const [seed, operations, bytes] = args.map(Number);
      return simulateScarce(seed!, operations!, bytes!);
    },
  },
];

function output(program: string, args: readonly string[]): string {
  const command = new Deno.Command(program, { args: [...args] });
  const { success, stdout, stderr } = command.outputSync();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

const record = Deno.args.includes("--record");
const rounds = record ? 1 : Number(Deno.args[0] ?? 1);
const directory = Deno.makeTempDirSync();
try {
  for (const { program, calls, simulate } of PROOFS) {
    const binary = `${directory}/${program}`;
    const source = new URL(`${program}.cpp`, import.meta.url).pathname;
    output("c++", ["-std=c++17", "-O1", "-o", binary, source]);
    const sections: string[] = [];
    let differences = 0;
    for (let round = 0; round < rounds; round++) {
      for (const call of calls(1 + Math.floor(Math.random() * 2 ** 31))) {
        const real = output(binary, call.map(String));
        sections.push(`${call.join(" ")}\n${real}`);
        if (real.trimEnd() === simulate(call).join("\n")) continue;
        differences++;
        console.log(`${program} ${call.join(" ")} differs`);
      }
    }
    console.log(`${program}: ${sections.length} runs, ${differences} differ`);
    if (differences > 0) Deno.exitCode = 1;
    else if (record) {
      const file = new URL(`../fixtures/stl/${program}.txt`, import.meta.url);
      Deno.writeTextFileSync(file, sections.join("\n"));
    }
  }
} finally {
  Deno.removeSync(directory, { recursive: true });
}

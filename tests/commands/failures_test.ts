import { assertEquals, assertMatch } from "@std/assert";
import { lab, processTest, ROOT } from "../runner/lab.ts";
import { MAPS } from "./maps.ts";

/** Command lines that fail, with exit code and the line they say. */
const FAILURES: [line: string, code: number, says: RegExp][] = [
  ["bogus", 2, /^Unknown command "bogus": known are experiments, replay/],
  ["workload random_churn --set a=1", 2, /^Unknown parameter "a" of random_ch/],
  ["experiments --out /proc/x", 1, /^Cannot write to \/proc\/x: /],
  [
    "experiments reading --set file=no --out OUT",
    1,
    /Cannot read no: there is no/,
  ],
  [
    "experiments failing --out OUT",
    1,
    /^A defect .* report it: failing \(-\): Ty/,
  ],
  [
    "experiments failing --set how=range --out OUT",
    1,
    /^failing \(-\): out of r/,
  ],
  ["experiments failing --set how=column --out OUT", 1, /defect .* "nonsense"/],
  [
    "experiments churning --set live=x --out OUT",
    2,
    /^--set live of churning expects a whole number >= 0, not "x"/,
  ],
  ["experiments --out DATA", 2, /data holds the project's own files: /],
  ["claims --out DATA/traces/x", 2, /traces\/x holds the project's own /],
  ["figures --results nowhere", 1, /^No results in nowhere: run some exp/],
  ["figures --results DATA/traces", 2, /traces holds the project's own fi/],
  [
    "experiments churning --allocator ./no.ts --out OUT",
    1,
    /^Cannot find .*no\.ts/,
  ],
  ["check ./throws.ts", 1, /^Cannot load \.\/throws\.ts: thrown$/m],
  ["check ./empty.ts", 1, /^\.\/empty\.ts has no default export/],
  [
    "replay no.rep --allocator bump --out OUT",
    1,
    /Cannot read no\.rep: there is/,
  ],
  [
    "replay no.rep --allocator bump --addresses",
    1,
    /^Cannot read no\.rep: there/,
  ],
  [
    "replay bad.rep --allocator bump --out OUT",
    1,
    /^replay .*: bad\.rep:2: Exp/,
  ],
  ["replay bad.rep --allocator bump --addresses", 1, /^bad\.rep:2: Expected /],
  [
    "replay down.rep --allocator bump --out OUT",
    1,
    /^replay \(bump\): down\.rep:3: The break was moved down into the heap$/m,
  ],
  [
    "replay down.rep --allocator bump --addresses",
    1,
    /^down\.rep:3: The break was moved down into the heap$/m,
  ],
  [
    "replay silent.txt --allocator bump --out OUT",
    1,
    /^replay .*: No requests found in silent\.txt \(valgrind prints them with /,
  ],
  [
    "replay silent.txt --allocator bump --addresses",
    1,
    /^No requests found in silent\.txt \(/,
  ],
  [
    "replay comments.rep --allocator bump --out OUT",
    1,
    /^replay \(bump\): No requests found in comments\.rep$/m,
  ],
  [
    "replay comments.rep --allocator bump --addresses",
    1,
    /^No requests found in comments\.rep$/m,
  ],
  [
    "replay empty.rep --allocator bump --out OUT",
    1,
    /No requests found in empty\.rep$/m,
  ],
  [
    "replay zone.pages --allocator glibc --out OUT",
    1,
    /^replay \(glibc\): The allocator does not serve pages$/m,
  ],
  [
    "replay two.txt --allocator bump --out OUT",
    1,
    /^replay .*: two\.txt:2: Expected one process, or --pid with some of 7 \(1/,
  ],
  [
    "replay two.txt --allocator bump --pid 9 --addresses",
    1,
    /^two\.txt: Expected --pid with some of 7 \(1 call\), 8 \(1 call\), got 9/,
  ],
  [
    "replay zone.pages --allocator buddy --addresses --explain",
    1,
    /^--explain says nothing: zone\.pages requests pages$/m,
  ],
  [
    "replay zone.pages --allocator buddy --addresses --stats-every 5",
    1,
    /^--stats-every says nothing: zone\.pages requests pages$/m,
  ],
  [
    "replay bad.rep --allocator tlsf --addresses --explain",
    1,
    /^tlsf does not offer explain \(where a block came from\)$/m,
  ],
  [
    "replay bad.rep --allocator tlsf --addresses --stats-every 5",
    1,
    /^tlsf does not offer mallinfo \(the figures of mallinfo2\)$/m,
  ],
  [
    "replay bad.rep --allocator buddy --addresses --free-area",
    1,
    /^--free-area says nothing: bad\.rep requests bytes$/m,
  ],
  [
    "replay bad.rep --allocator tlsf --addresses --space maps",
    1,
    /^--space says nothing: tlsf is in no process$/m,
  ],
  [
    "replay zone.pages --allocator buddy --addresses --space maps",
    1,
    /^--space says nothing: zone\.pages requests pages$/m,
  ],
  [
    "replay bad.rep --allocator glibc:geometry=i386 --addresses --space maps",
    1,
    /^maps: A mapping ends at 0x5555555b6000, the address space at 0xffffe000$/m,
  ],
  [
    "replay bad.rep --allocator glibc --addresses --space bad.rep",
    1,
    /^bad\.rep:1: Expected START-END \.\.\. NAME, got "a 0 1"$/m,
  ],
  [
    "lab --out /etc/none/lab.html",
    1,
    /^Cannot write \/etc\/none\/lab\.html: only the folder that you call /,
  ],
  ["lab --out bad.rep/lab.html", 1, /^Cannot write .*bad\.rep\/lab\.html: /],
  ["export --results OUT", 1, /^No results in .*out: run some experiments/],
];

processTest("what fails says so in one line", async (folder) => {
  Deno.writeTextFileSync(
    `${folder}/throws.ts`,
    `throw Error("thrown\\nat x");`,
  );
  Deno.writeTextFileSync(`${folder}/empty.ts`, `export const a = 1;`);
  Deno.writeTextFileSync(`${folder}/bad.rep`, "a 0 1\na 0 1\n");
  Deno.writeTextFileSync(`${folder}/comments.rep`, "# one\n# two\n");
  Deno.writeTextFileSync(`${folder}/empty.rep`, "\n");
  Deno.writeTextFileSync(`${folder}/down.rep`, "a 0 1\nk -16\na 1 9999999\n");
  Deno.writeTextFileSync(`${folder}/silent.txt`, "==7== Memcheck\n");
  Deno.writeTextFileSync(
    `${folder}/two.txt`,
    "--7-- malloc(1) = 0x10\n--8-- malloc(2) = 0x10\n",
  );
  Deno.writeTextFileSync(`${folder}/zone.pages`, "a 1 0 1\nf 1\n");
  Deno.writeTextFileSync(`${folder}/maps`, MAPS);
  const queue = [...FAILURES];
  const worker = async () => {
    for (let failure; (failure = queue.pop());) {
      const [line, expected, says] = failure;
      // A folder each, as they run at the same time.
      const out = `${folder}/${queue.length}/out`;
      const args = line.replace("OUT", out).replace("DATA", `${ROOT}data`)
        .split(" ");
      const { code, out: told, err } = await lab(args, { cwd: folder });
      assertMatch(err, says, line);
      assertEquals([code, err.split("\n").length], [expected, 2], line);
      if (line.endsWith("--out OUT")) assertEquals(told, "", line);
    }
  };
  await Promise.all([worker(), worker()]);
});

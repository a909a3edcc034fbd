/**
 * The kernel's side on the command line: page requests and the texts of /proc.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { gunzipped, RUNS } from "../oracle/linux/fixtures.ts";
import buddyinfo from "../oracle/linux/buddyinfo_consistent.txt" with {
  type: "text",
};
import { lab, ok, processTest, ROOT } from "../runner/lab.ts";

const program = `${ROOT}experiments/main.ts`;
const FOLDER = `${ROOT}tests/oracle/linux/`;

processTest(
  "replay prints page frames and free lists as the kernel does",
  async () => {
    const { ops, expected } = RUNS.find(({ name }) => name === "lowphase2")!;
    const lines = (await gunzipped(expected)).split("\n");
    const kernel = lines.filter((line) => !line.startsWith("#")).join("\n");
    const options = ["--allocator", "linux_buddy:pages=4096", "--addresses"];
    const input = await gunzipped(ops);
    const { out } = await ok(["replay", "-", ...options, "--free-area"], {
      program,
      input,
    });
    assertEquals(out, kernel);
  },
);

processTest(
  "explain reads /proc's texts from a file or standard input",
  async () => {
    const { out } = await ok(["explain", "-"], { program, input: buddyinfo });
    assert(out.startsWith("Node 0, zone DMA: 3840 pages free (15.0 MiB)"));
    assert(out.includes("Pages of 4 KiB are assumed"));
    const slabs = await ok(["explain", `${FOLDER}slabinfo.txt.gz`], {
      program,
    });
    assert(slabs.out.includes("235 of 235 caches"));
    const long = await ok(["explain", "-", "--page-size", "64K"], {
      program,
      input: buddyinfo,
    });
    assert(
      long.out.startsWith("Node 0, zone DMA: 3840 pages free (240.0 MiB)"),
    );
  },
);

processTest(
  "explain as CSV and JSON: a row per sample, list and order",
  async () => {
    const input = "10:00\nNode 0, zone N 1 0\n=10:01\nNode 0, zone N 0 1\n";
    const { out } = await ok(["explain", "-", "--csv"], { program, input });
    assertEquals(
      out,
      "file,sample,time,node,zone,type,order,free_blocks,lower_bound," +
        "unusable_ratio,fragmentation_index\n" +
        "-,1,10:00,0,N,,0,1,0,0.000,-1.000\n" +
        "-,1,10:00,0,N,,1,0,0,1.000,-0.500\n" +
        "-,2,'=10:01,0,N,,0,0,0,0.000,-1.000\n" +
        "-,2,'=10:01,0,N,,1,1,0,0.000,-1.000\n",
    );
    const json = await ok(["explain", "-", "--json"], { program, input });
    const [{ texts: [{ kind, samples }] }] = JSON.parse(json.out);
    assertEquals([kind, samples.length], ["buddyinfo", 2]);
    assertEquals(samples[1].text[0].blocks, [0, 1]);
    assertEquals(samples[1].rows[1].fragmentation_index, "-1.000");
  },
);

processTest("what is no such text gets one line", async () => {
  const cases: [string[], string, RegExp][] = [
    [["explain", "-"], "free -m\n", /^-:1: Expected the text of .*\n$/],
    [
      ["explain", "-"],
      buddyinfo.slice(0, 150),
      /^-:2: Expected 11 numbers, as many as in other rows, got .*\n$/,
    ],
    [
      ["explain", "-"],
      "a 1 24\nf 1\n",
      /^- is a trace \(\.rep\): deno task run replay takes it\n$/,
    ],
    [
      ["replay", "-", "--allocator", "bump", "--addresses"],
      `$ cat /proc/buddyinfo\n${buddyinfo}`,
      /^- is no trace but buddyinfo: deno task run explain takes it\n$/,
    ],
    [
      ["replay", `${FOLDER}slabinfo.txt.gz`, "--allocator", "bump"],
      "",
      /slabinfo\.txt\.gz is no trace but slabinfo: deno task run explain takes/,
    ],
    [
      ["explain", "-", "--csv"],
      `${buddyinfo}MemTotal: 5 kB\n`,
      /^--csv expects texts of one kind, not buddyinfo and meminfo\n$/,
    ],
    [
      ["replay", "-", "--allocator", "buddy", "--addresses", "--free-area"],
      "a 1 0 1\n",
      /^buddy keeps no free lists by migratetype\n$/,
    ],
    [
      [
        "replay",
        "-",
        "--allocator",
        "linux_buddy",
        "--addresses",
        "--free-area",
      ],
      "a 1 0 1\nf 2\n",
      /^-:2: Expected a live id, got "f 2"\n$/,
    ],
  ];
  for (const [args, input, says] of cases) {
    const { code, err } = await lab(args, { program, input });
    assertEquals([code, says.test(err)], [1, true], err);
  }
});

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
    const slabs = await ok(["explain", `${FOLDER}slabinfo.txt.gz`], {
      program,
    });
    assert(slabs.out.includes("235 of 235 caches"));
  },
);

processTest("what is no such text gets one line", async () => {
  const cases: [string[], string, RegExp][] = [
    [["explain", "-"], "free -m\n", /^-:1: Expected the text of .*\n$/],
    [["explain", "-"], buddyinfo.slice(0, 150), /^-:2: Expected a line that/],
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

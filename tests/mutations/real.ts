/**
 * Faults of measuring real allocators, and of what is told of them.
 *
 * @module
 */
import type { Mutation, MutationTable } from "./table.ts";

const ROOM = "experiments/real/";
const FOLDERS = [
  "--allow-write=/tmp",
  "--allow-run=deno",
  "tests/runner/temporary_folder_test.ts",
];
const CENSUS = ["tests/allocators/musl/census_test.ts"];

const mutations: readonly Mutation[] = [
  {
    fault: "whichever allocator answers is taken for the one that was meant",
    file: `${ROOM}output.ts`,
    symbol: "strayOf",
    find: "return stray &&",
    replace: "return undefined && stray &&",
  },
  {
    fault: "what is resident before the first request counts",
    file: `${ROOM}output.ts`,
    symbol: "memoryRun",
    find: "const resident = pages * PAGE - start;",
    replace: "const resident = pages * PAGE;",
  },
  {
    fault: "threads and commands to glibc are replayed",
    file: `${ROOM}requests.ts`,
    symbol: "writeRequests",
    find: 'request === "" && whole',
    replace: 'request === ""',
  },
  {
    fault: "a simulated heap starts with what it took at once",
    file: "experiments/replay/resident.ts",
    symbol: "ResidentRun",
    find: "resident: held(sample) - held(this.#start),",
    replace: "resident: held(sample),",
    tests: ["tests/replay/resident_test.ts"],
  },
  {
    fault: "a model runs in the address space of any real allocator",
    file: `${ROOM}simulated.ts`,
    symbol: "spaceAmong",
    find: "version.startsWith(`${entry.name} `) &&",
    replace: "version !== entry.name &&",
  },
  {
    fault: "a musl runs where one lies that is linked otherwise",
    file: `${ROOM}simulated.ts`,
    symbol: "spaceAmong",
    find: "(values.build ?? linked) === linked",
    replace: "(values.build !== linked || linked === linked)",
  },
  {
    fault: "a folder in use is swept",
    file: "experiments/runner/temporary_folder.ts",
    symbol: "locked",
    find: "await lock.tryLock(true) &&",
    replace: "(await lock.tryLock(true) || true) &&",
    tests: FOLDERS,
  },
  {
    fault: "what a killed process left stays",
    file: "experiments/runner/temporary_folder.ts",
    symbol: "TemporaryFolder.in",
    find: "if (isDirectory && isOne)",
    replace: "if (!isDirectory && isOne)",
    tests: FOLDERS,
  },
  {
    fault: "runs of classes end one class late",
    file: `${ROOM}sizes.ts`,
    symbol: "runsOf",
    find: "run[2] = number;",
    replace: "run[2] = number + run[1];",
  },
  {
    fault: "a size takes the class below",
    file: "experiments/measures/size_classes.ts",
    symbol: "listed",
    find: "Math.ceil((size - first) / step)",
    replace: "Math.floor((size - first) / step)",
  },
  {
    fault: "slots that wait are on no list",
    file: "allocators/musl/inspect.ts",
    symbol: "census",
    find: "[groups.available[g]!, groups.freed[g]!]",
    replace: "[groups.available[g]!, 0]",
    tests: CENSUS,
  },
];

/** Faults of real allocators side by side. */
export const REAL_FAULTS: MutationTable = {
  name: "real",
  tests: [
    "tests/measures/size_tables_test.ts",
    "tests/real/output_test.ts",
    "tests/real/requests_test.ts",
    "tests/real/simulated_test.ts",
  ],
  mutations,
  shortStep: 5,
};

/**
 * Recorded runs of the real musl 1.2.6. "far" has alignments that move blocks
 * far into their mappings, "zero" an alignment of 0.
 *
 * @module
 */
import alignRun from "./fixtures/musl/align.static.all.txt.gz" with {
  type: "bytes",
};
import alignTrace from "./fixtures/musl/align.rep.gz" with { type: "bytes" };
import bounceRun from "./fixtures/musl/bounce.static.none.txt.gz" with {
  type: "bytes",
};
import bounceTrace from "./fixtures/musl/bounce.rep.gz" with { type: "bytes" };
import edgesRun from "./fixtures/musl/edges.dyn.none.txt.gz" with {
  type: "bytes",
};
import edgesTrace from "./fixtures/musl/edges.rep.gz" with { type: "bytes" };
import farRun from "./fixtures/musl/far.dyn.none.txt.gz" with { type: "bytes" };
import farTrace from "./fixtures/musl/far.rep.gz" with { type: "bytes" };
import mixedRun from "./fixtures/musl/mixed.dyn.all.txt.gz" with {
  type: "bytes",
};
import mixedTrace from "./fixtures/musl/mixed.rep.gz" with { type: "bytes" };
import phasesRun from "./fixtures/musl/phases.dyn.none.txt.gz" with {
  type: "bytes",
};
import phasesTrace from "./fixtures/musl/phases.rep.gz" with { type: "bytes" };
import powerRun from "./fixtures/musl/power.static.all.txt.gz" with {
  type: "bytes",
};
import powerTrace from "./fixtures/musl/power.rep.gz" with { type: "bytes" };
import thresholdRun from "./fixtures/musl/threshold.static.none.txt.gz" with {
  type: "bytes",
};
import thresholdTrace from "./fixtures/musl/threshold.rep.gz" with {
  type: "bytes",
};
import tinyRun from "./fixtures/musl/tiny.static.none.txt.gz" with {
  type: "bytes",
};
import tinyTrace from "./fixtures/musl/tiny.rep.gz" with { type: "bytes" };
import zeroRun from "./fixtures/musl/zero.dyn.none.txt.gz" with {
  type: "bytes",
};
import zeroTrace from "./fixtures/musl/zero.rep.gz" with { type: "bytes" };
import generated from "./fixtures/musl.gz" with { type: "bytes" };
import { gunzip } from "./fixtures.ts";
import { generateForMusl } from "./generate_musl.ts";
import type { MuslRun } from "./musl.ts";

const FILES: readonly [
  kind: string,
  build: MuslRun["build"],
  fill: MuslRun["fill"],
  trace: Uint8Array<ArrayBuffer>,
  run: Uint8Array<ArrayBuffer>,
][] = [
  ["align", "static", "all", alignTrace, alignRun],
  ["bounce", "static", "none", bounceTrace, bounceRun],
  ["edges", "dyn", "none", edgesTrace, edgesRun],
  ["mixed", "dyn", "all", mixedTrace, mixedRun],
  ["phases", "dyn", "none", phasesTrace, phasesRun],
  ["power", "static", "all", powerTrace, powerRun],
  ["threshold", "static", "none", thresholdTrace, thresholdRun],
  ["tiny", "static", "none", tinyTrace, tinyRun],
  ["far", "dyn", "none", farTrace, farRun],
  ["zero", "dyn", "none", zeroTrace, zeroRun],
];

/** All runs, by name. */
export async function* muslRuns(): AsyncGenerator<[name: string, MuslRun]> {
  for (const [kind, build, fill, trace, run] of FILES) {
    yield [
      `${kind} ${build} ${fill}`,
      { build, fill, trace: await gunzip(trace), output: await gunzip(run) },
    ];
  }
  for (const text of (await gunzip(generated)).split(/^= /m).slice(1)) {
    const end = text.indexOf("\n");
    const name = text.slice(0, end);
    const [kind = "", seed, steps, build, fill] = name.split(" ");
    yield [name, {
      build: build as MuslRun["build"],
      fill: fill as MuslRun["fill"],
      trace: generateForMusl(kind, Number(seed), Number(steps)),
      output: text.slice(end + 1),
    }];
  }
}

/**
 * What a Mem-Info means: which watermark refused the request, at which order
 * each zone stops, and what others could get.
 *
 * @module
 */
import type { Sample, Setting } from "../kind.ts";
import { exactBytes, listed, memory, plural } from "../words.ts";
import { type Gfp, gfpOf, gfpText } from "./gfp.ts";
import { levelText } from "./level.ts";
import type { FailedRequest, MemInfo, ReportedZone } from "./mem_info_types.ts";
import { ORDER_LEGEND, orderLines, TYPE_LEGEND } from "./order_table.ts";
import { reaches, Report } from "./reported.ts";
import { verdictOn } from "./verdict.ts";
import type { WatermarkRule } from "./watermark.ts";

/** Reports that are explained in full. */
const SHOWN = 20;
/** Orders above this one the kernel gives up early. */
const COSTLY_ORDER = 3;
const KERNELS: Readonly<Record<WatermarkRule, string>> = {
  old: "up to 4.3",
  new: "from 4.4 on",
};

/** The explanation of the reports of a log. */
export function explainMemInfo(
  samples: readonly Sample<MemInfo>[],
  { pageBytes }: Setting,
): string[] {
  const left = samples.length - SHOWN;
  const zones = samples.flatMap(({ data }) => data.zones);
  return [
    ...samples.slice(0, SHOWN).flatMap(({ label, line, data }) => [
      ...(samples.length > 1
        ? [`From line ${line}${label ? ` (${label})` : ""}:`]
        : []),
      ...reportLines(new Report(data, pageBytes), pageBytes),
      "",
    ]),
    ...(left > 0 ? [`${plural(left, "report")} more in this log.`, ""] : []),
    ...(zones.length > 0 ? ORDER_LEGEND : []),
    ...(zones.some(({ blocks }) => blocks.some(({ types }) => types !== ""))
      ? [TYPE_LEGEND]
      : []),
  ];
}

function reportLines(report: Report, pageBytes: number): string[] {
  const { info: { request, zones, cgroup }, rules } = report;
  const gfp = request?.mode === undefined ? undefined : gfpOf(request.mode);
  const asked = gfp && { gfp, order: Math.max(0, request?.order ?? 0) };
  const lines = request ? [requestText(request, gfp, pageBytes), ""] : [];
  if (zones.length === 0) {
    return [
      ...lines,
      cgroup
        ? "A memory cgroup reached its limit: no zone was short of memory."
        : "The Mem-Info after it, with the zones, is missing.",
    ];
  }
  return [
    ...lines,
    ...zones.flatMap((zone) => [
      ...zoneLines(report, zone, pageBytes, asked),
      "",
    ]),
    ...(asked ? outcome(report, asked) : []),
    rules.length === 1
      ? `Watermarks as kernels ${KERNELS[rules[0]!]} check them.`
      : "The text does not tell whether the kernel is older than 4.4, which " +
        "changed how watermarks are checked: both are shown where they differ.",
  ];
}

/** The event of a request that ended with the OOM killer. */
const OOM = "invoked oom-killer";

/** The request that is explained. */
interface Asked {
  gfp: Gfp;
  order: number;
}

function requestText(
  { event, task, order, mode }: FailedRequest,
  gfp: Gfp | undefined,
  pageBytes: number,
): string {
  const who = task || "The kernel";
  const what = order === undefined
    ? "asked for pages, of an order that the text does not tell"
    : order < 0
    ? "called the OOM killer by hand (order -1)"
    : `asked for order ${order}: ${plural(2 ** order, "page")}${
      order > 0 ? " in one piece" : ""
    }, ${exactBytes(pageBytes * 2 ** order)}`;
  const came = event === OOM
    ? "; the OOM killer was called"
    : "; none was given";
  const flags = mode === undefined
    ? "Its mode is missing."
    : gfp
    ? `Mode ${mode}: ${gfpText(gfp)}.`
    : `Mode ${mode} is not understood.`;
  return `${who} ${what}${came}. ${flags}`;
}

function zoneLines(
  report: Report,
  zone: ReportedZone,
  pageBytes: number,
  asked?: Asked,
): string[] {
  const [free, min, low, high] = ["free", "min", "low", "high"]
    .map((figure) => report.pages(zone, figure)) as [
      number,
      number,
      number,
      number,
    ];
  const marked = "free" in zone.kib && "min" in zone.kib;
  return [
    `Node ${zone.node}, zone ${zone.zone}: ${
      marked
        ? `${plural(free, "page")} free (${
          memory(free * pageBytes)
        }), min ${min}, low ${low}, high ${plural(high, "page")}${
          zone.kib.boost
            ? ` (${report.pages(zone, "boost")} of each boost)`
            : ""
        }; ${levelText(free, { min, low, high })}`
        : "its watermarks are not in the text"
    }.`,
    ...(asked && marked ? verdictLines(report, zone, asked) : []),
    ...(zone.garbled
      ? [
        "  The counts of its free blocks do not add up to the sum that stands " +
        "beside them: they are left out.",
      ]
      : zone.blocks.length === 0
      ? ["  Its free blocks are not in the text."]
      : orderLines(
        report,
        zone,
        pageBytes,
        asked && reaches(zone, asked.gfp) ? asked.gfp : undefined,
      )),
  ];
}

function verdictLines(
  report: Report,
  zone: ReportedZone,
  { gfp, order }: Asked,
): string[] {
  if (!reaches(zone, gfp)) return ["  The request may not use this zone."];
  const state = report.state(zone, gfp, "min");
  const texts = new Map(report.rules.map((rule) => [
    verdictOn(state, gfp, order, rule).text,
    KERNELS[rule],
  ]));
  return [...texts].map(([text, kernels]) =>
    `  Order ${order}${
      texts.size > 1 ? `, kernels ${kernels}` : ""
    }: the zone ${text}.`
  );
}

/** What came of the request, and what can be done. */
function outcome(report: Report, { gfp, order }: Asked): string[] {
  const serving = report.info.zones.filter((zone) =>
    "min" in zone.kib && reaches(zone, gfp) &&
    report.rules.every((rule) =>
      verdictOn(report.state(zone, gfp, "min"), gfp, order, rule).ok
    )
  ).map(({ node, zone }) => `${zone} of node ${node}`);
  return [
    ...(serving.length > 0
      ? [
        `By these figures ${
          listed(serving)
        } would serve it: they were written ` +
        "after the failure, when memory may have been freed, or a cpuset or " +
        "memory policy kept the request out.",
      ]
      : []),
    ...(gfp.waits ? [] : [
      "A request that may not wait finds what is free beforehand: a larger " +
      "vm.min_free_kbytes or a smaller order helps, compaction comes too late.",
    ]),
    ...(gfp.waits && order > COSTLY_ORDER
      ? [
        `Above order ${COSTLY_ORDER} the kernel gives up early, unless ` +
        "__GFP_NOFAIL or __GFP_RETRY_MAYFAIL is set.",
      ]
      : []),
  ];
}

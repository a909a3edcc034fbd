/**
 * The answer in words, for a terminal; the page uses the same sentences.
 *
 * @module
 */
import { plural } from "../traces/plural.ts";
import { bytesText, textTable } from "../measures/text_table.ts";
import type { Curve } from "./curve.ts";
import type { Growth } from "./growth.ts";
import type { Holder, Owner, Pin } from "./holders.ts";
import type { Entry } from "./ledger.ts";
import { framesOf } from "./sites.ts";
import type { Pieces } from "./pieces.ts";
import type { Refused, Tried, Why } from "./why.ts";

/** Lists that the ledger tells one by one. */
const LISTS = 4;
/** Holders that a terminal shows. */
const SHOWN = 6;
/** Owners that a terminal shows. */
const OWNERS = 3;
/** A smaller share makes no difference. */
const SAME = 0.01;
/** Cached bytes are told if they are this share of what is kept. */
const TOLD = 0.1;
/** Classes of slabs, groups or extents that are told one by one. */
const PIECES = 8;
/** Frames of a stack that a terminal shows. */
const FRAMES = 4;

/** The whole answer. */
export function whyText(why: Why): string {
  const { named, others, owners } = why.holders;
  const { rows, same } = tryTable(why);
  return [
    headline(why),
    summary(why).join("\n"),
    "",
    "Where it is:",
    textTable(
      [...ledgerRows(why), total(why)].map(({ name, bytes }) => [
        `  ${name}`,
        bytesText(bytes),
        number(bytes),
      ]),
      ["left", "right", "right"],
    ),
    ...piecesText(why),
    "Who keeps what nobody uses:",
    ...(named.length === 0 ? ["  Nobody: all of it is in use."] : []),
    ...named.slice(0, SHOWN).flatMap((holder) => {
      const [first, ...rest] = holderWords(holder);
      return [`  ${first}`, ...rest.map((line) => `    ${line}`)];
    }),
    ...(named.length > SHOWN || others.groups > 0
      ? [`  ${othersWords(named.slice(SHOWN), others)}`]
      : []),
    ...(why.sited || named.length === 0
      ? []
      : ["  The trace names no sites: blocks are grouped by size."]),
    "",
    "Who holds what is in use:",
    ...owners.slice(0, OWNERS).map((owner) => `  ${ownerWords(owner)}`),
    ...(owners.length === 0 ? ["  Nobody: nothing is live."] : []),
    "",
    "How it came about:",
    `  ${growthWords(why.growth).join("\n  ")}`,
    "",
    "What would change it (resident bytes, replayed; the best first):",
    textTable(
      rows.map((row) => [`  ${row[0]}`, ...row.slice(1)]),
      ["left", "right", "right", "right", "right", "right", "right", "left"],
    ).trimEnd(),
    ...(same.length > 0
      ? [`  no difference of 1 % anywhere: ${same.join(", ")}`]
      : []),
    ...why.refused.map((one) => `  ${refusedWords(one)}`),
    "",
  ].join("\n");
}

/** What the pieces of a heap are called: `slabs and extents`. */
export function piecesTitle({ pieces }: Why): string {
  const kinds = [...new Set(pieces.map(({ name }) => /^\w+/.exec(name)![0]))]
    .sort().map((kind) => `${kind}s`);
  const last = kinds.pop() ?? "";
  return kinds.length > 0 ? `${kinds.join(", ")} and ${last}` : last;
}

/** Rows of the table of pieces: class, number, slots in use of all, resident; the rest in one. */
export function pieceRows({ pieces }: Why): string[][] {
  const row = ({ name, count, slots, used, resident }: Pieces) => [
    name,
    number(count),
    `${number(used)} of ${number(slots)}`,
    bytesText(resident),
  ];
  const rest = pieces.slice(PIECES);
  if (rest.length < 2) return pieces.map(row);
  const sum = { name: `${rest.length} other classes`, ...NO_PIECES };
  for (const { count, slots, used, resident } of rest) {
    sum.count += count;
    sum.slots += slots;
    sum.used += used;
    sum.resident += resident;
  }
  return [...pieces.slice(0, PIECES), sum].map(row);
}

const NO_PIECES = { count: 0, slots: 0, used: 0, resident: 0 };

/** The table of pieces; nothing if there are none. */
function piecesText(why: Why): string[] {
  if (why.pieces.length === 0) return [];
  const head = ["", "number", "slots in use", "resident"];
  return [
    `Its ${piecesTitle(why)}:`,
    textTable(
      [head, ...pieceRows(why)].map(([name, ...cells]) => [
        `  ${name}`,
        ...cells,
      ]),
      ["left", "right", "right", "right"],
    ),
  ];
}

/** What is looked at, and when. */
export function headline(why: Why): string {
  const { trace, allocator, instant, operations, time } = why;
  const when = time === undefined ? "" : ` (${seconds(time)})`;
  return `${trace} under ${allocator}, after operation ${
    number(instant.op)
  } of ${number(operations)}${when}: ${instant.words}`;
}

/** The sums, in sentences. */
export function summary(why: Why): string[] {
  const { ledger, shared, recorded, tried: [best] } = why;
  const { resident, live, retained, virtual } = ledger;
  const now = why.stops.indexOf(why.instant.op);
  const then = (curve: Curve) => curve.resident[now]!;
  const share = resident > 0 ? Math.round(100 * retained / resident) : 0;
  const inUse = resident > 0 ? Math.round(100 * live / resident) : 0;
  return [
    `${bytesText(resident)} resident, of ${bytesText(virtual)} mapped. ` +
    `The program holds ${bytesText(live)} of it (${inUse} %); ` +
    `${bytesText(retained)} (${share} %) is kept though nobody uses it.`,
    ...(retained > 0
      ? [
        `${bytesText(shared)} of that shares pages with blocks in use, and ` +
        "cannot go back before them.",
      ]
      : []),
    ...(recorded === undefined ? [] : [
      `When it was recorded ${bytesText(recorded.bytes)} of the whole ` +
      `program, its stack included, were resident at operation ${
        number(recorded.op)
      }.`,
    ]),
    ...(best && then(best.curve) < resident * (1 - SAME)
      ? [
        `Best of what was tried: ${best.name}, ${
          bytesText(then(best.curve))
        } ` +
        "resident then.",
      ]
      : []),
  ];
}

/** The ledger, all but the largest lists in one line. */
export function ledgerRows({ ledger: { entries } }: Why): Entry[] {
  const lists = entries.filter(({ name }) => name.startsWith("cached"));
  const rest = lists.slice(LISTS);
  const shown = entries.filter((entry) => !rest.includes(entry));
  if (rest.length === 0) return shown;
  const bytes = rest.reduce((sum, { bytes }) => sum + bytes, 0);
  const at = shown.indexOf(lists[LISTS - 1]!) + 1;
  return shown.toSpliced(at, 0, {
    name: `cached: ${rest.length} other lists`,
    bytes,
    meaning: lists[0]!.meaning,
  });
}

/** What the ledger sums to. */
export function total({ ledger: { resident } }: Why): Entry {
  return { name: "resident", bytes: resident, meaning: "all of it" };
}

/** What a group of blocks keeps, and what is known of the largest. */
export function holderWords(holder: Holder): string[] {
  const { above, name, regions, bytes, cached, list, pin } = holder;
  const kept = bytesText(bytes);
  const lists = cached > bytes * TOLD
    ? [
      `${bytesText(cached)} of it is cached` +
      (list ? `, mostly on ${list}: that list has to be emptied first` : ""),
    ]
    : [];
  if (above === "live") {
    const what = counted(regions, "block");
    const verb = regions === 1 ? "keeps" : "keep";
    return [
      `${what} of ${name} ${verb} ${kept}`,
      ...(pin ? pinWords(pin, holder) : []),
      ...lists,
    ];
  }
  const where = regions === 1 ? "" : ` in ${number(regions)} places`;
  const who = above === "nothing"
    ? `Nothing lies above ${kept}${where}: the allocator keeps its top until ` +
      "that is long enough to give back"
    : above === "own"
    ? `The allocator's own tables lie above ${kept}${where}`
    : `Memory of somebody else lies above ${kept}${where}`;
  return [who, ...lists];
}

function pinWords(
  { address, arena, size, birth, time, site, keeps }: Pin,
  { regions, lifetimes }: Holder,
): string[] {
  const one = regions === 1
    ? "It is"
    : `The one that keeps most, ${bytesText(keeps)}, is`;
  const where = arena === undefined ? "" : ` in arena ${arena}`;
  const since = time === undefined ? "" : ` (${seconds(time)})`;
  const frames = framesOf(site);
  return [
    `${one} ${counted(size, "byte")} at 0x${address.toString(16)}${where}, ` +
    `allocated at operation ${number(birth)}${since}` +
    (lifetimes ? `; ${lifetimeWords(lifetimes)}` : ""),
    ...(site === "" || frames.length === 1 ? [] : [
      `from ${frames.slice(0, FRAMES).join(" < ")}` +
      (frames.length > FRAMES ? " < ..." : ""),
    ]),
  ];
}

function lifetimeWords(
  { born, freed, median }: NonNullable<Holder["lifetimes"]>,
) {
  if (born === 1) {
    return freed === 0 ? "the only one" : "the only one, freed later";
  }
  return median === Infinity
    ? `of ${number(born)} such blocks ${
      counted(born - freed, "is", "are")
    } never freed`
    : `such blocks usually live ${
      plural(median, "operation", "operations", about(median))
    } (median of ${number(born)})`;
}

/** What could not be replayed. */
export function refusedWords({ name, why }: Refused): string {
  return `not replayed: ${name} (${why})`;
}

/** Who holds how much of what is in use. */
export function ownerWords({ name, blocks, bytes }: Owner): string {
  return `${counted(blocks, "block")} of ${name}: ${bytesText(bytes)}`;
}

/** The holders that are not told one by one. */
export function othersWords(
  rest: readonly Holder[],
  others: Why["holders"]["others"],
): string {
  const groups = rest.length + others.groups;
  const bytes = rest.reduce((sum, one) => sum + one.bytes, others.bytes);
  const who = counted(groups, "other group keeps", "other groups keep");
  return `${who} ${bytesText(bytes)}`;
}

/** How it came about. */
export function growthWords(growth: Growth): string[] {
  const { kind, from, to, live, resident, now, peakLive, peakOp } = growth;
  const change = ([early, late]: readonly [number, number]) =>
    `${bytesText(early)} to ${bytesText(late)}`;
  const most = `${bytesText(peakLive)} at operation ${number(peakOp)}`;
  const course = `From operation ${number(from)} to ${number(to)} live went ` +
    `from ${change(live)}, resident from ${change(resident)} (medians of the ` +
    "first and last quarter).";
  switch (kind) {
    case "not returned":
      return [
        "Not returned: the program freed most of what it had, and the memory stayed.",
        `Live fell from its most, ${most}, to ${bytesText(now.live)}; ` +
        `resident is ${bytesText(now.resident)}.`,
      ];
    case "leak-like":
      return [
        "Leak-like: live memory grows, and resident memory with it; look at who holds it.",
        course,
      ];
    case "fragmentation":
      return [
        "Fragmentation: resident memory grows, and live memory does not.",
        course,
      ];
    case "shrinks":
      return ["Resident memory goes back.", course];
    case "steady":
      return ["Steady: resident memory does not grow.", course];
  }
}

/** What was replayed, and what of it makes no difference. */
export interface Table {
  /** Names of columns, as it is, and what makes a difference. */
  rows: string[][];
  /** Names of what makes none; of what is nowhere better. */
  same: string[];
}

/** The table of what-ifs. */
export function tryTable(why: Why): Table {
  const now = why.stops.indexOf(why.instant.op);
  const row = (name: string, curve: Curve, paste: string) => [
    name,
    bytesText(curve.resident[now]!),
    bytesText(curve.peak),
    bytesText(curve.mean),
    bytesText(curve.resident.at(-1)!),
    number(curve.systemCalls),
    number(curve.pageFaults),
    paste +
    (curve.failures > why.curve.failures
      ? ` (${counted(curve.failures, "request fails", "requests fail")})`
      : ""),
  ];
  const figures = (
    { resident, peak, mean }: Curve,
  ) => [resident[now]!, peak, mean, resident.at(-1)!];
  const base = figures(why.curve);
  const differs = ({ curve }: Tried) =>
    figures(curve).some((bytes, i) =>
      Math.abs(bytes - base[i]!) > SAME * Math.max(1, base[i]!)
    );
  return {
    rows: [
      ["", "then", "peak", "mean", "end", "syscalls", "faults", ""],
      row("as it is", why.curve, ""),
      ...why.tried.filter(differs).map(({ name, curve, paste }) =>
        row(name, curve, paste)
      ),
    ],
    same: why.tried.filter((one) => !differs(one)).map(({ name }) => name),
  };
}

/** A number as well as it is known. */
function about(value: number): string {
  return value < 64
    ? number(value)
    : `about ${number(Number(value.toPrecision(2)))}`;
}

/** `1 block`, `1,000 blocks`. */
function counted(n: number, one: string, many?: string): string {
  return plural(n, one, many, number(n));
}

/** A whole number with its thousands apart. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

function seconds(microseconds: number): string {
  return `${(microseconds / 1e6).toFixed(3)} s`;
}

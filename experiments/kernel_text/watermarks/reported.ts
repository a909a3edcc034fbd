/**
 * A reported zone in pages, as requests meet it.
 *
 * @module
 */
import { type Gfp, type ZoneName, ZONES } from "./gfp.ts";
import type { MemInfo, ReportedZone } from "./mem_info_types.ts";
import type { WatermarkRule, ZoneState } from "./watermark.ts";

/** Letters of types whose blocks serve every ordinary request. */
const COMMON = "UMER";

/** The zones of a report, and which rules it obeys. */
export class Report {
  /** What was read. */
  readonly info: MemInfo;
  /** The rules that may hold: one, or both if the text does not tell. */
  readonly rules: readonly WatermarkRule[];
  readonly #pageKib: number;
  readonly #names: ReadonlySet<string>;

  /** A report of a machine with pages of `pageBytes` bytes. */
  constructor(info: MemInfo, pageBytes: number) {
    this.info = info;
    this.rules = rulesOf(info);
    this.#pageKib = pageBytes / 1024;
    this.#names = new Set(info.zones.map(({ zone }) => zone));
  }

  /** A figure of `zone` in pages; 0 if the text lacks it. */
  pages({ kib }: ReportedZone, figure: string): number {
    return Math.floor((kib[figure] ?? 0) / this.#pageKib);
  }

  /** `zone` as a request meets it that must respect the watermark `mark`. */
  state(zone: ReportedZone, gfp: Gfp, mark: "min" | "low"): ZoneState {
    const blocks = zone.garbled ? [] : zone.blocks;
    return {
      free: this.pages(zone, "free"),
      reserved: this.pages(
        zone,
        "free_highatomic" in zone.kib
          ? "free_highatomic"
          : "reserved_highatomic",
      ),
      cma: this.pages(zone, "free_cma"),
      mark: this.pages(zone, mark),
      lowmemReserve: this.#reserve(zone, gfp.zone),
      blocks: blocks.map(({ count }) => count),
      takes: (order) =>
        blocks.some(({ count, types }, k) =>
          k >= order && count > 0 && mayTake(types, gfp)
        ),
    };
  }

  /**
   * What `zone` keeps from requests for the zone `highest`. Entries are by
   * zone, also by those that a machine has not; these repeat the one before.
   */
  #reserve(zone: ReportedZone, highest: ZoneName): number {
    const rank = (name: string) => ZONES.indexOf(name as ZoneName);
    const { reserves } = zone;
    const known = [...this.#names].filter((name) =>
      rank(name) <= rank(highest)
    );
    const above = known.some((name) => rank(name) > rank(zone.zone));
    const whole = above || rank(zone.zone) >= rank(highest);
    const at = whole ? known.length - 1 : reserves.length - 1;
    return reserves[Math.min(at, reserves.length - 1)] ?? 0;
  }
}

/** Whether a request may use `zone` at all. */
export function reaches({ zone }: ReportedZone, gfp: Gfp): boolean {
  return ZONES.indexOf(zone as ZoneName) <= ZONES.indexOf(gfp.zone);
}

/** Whether a request may take a block of one of the types `letters`. */
export function mayTake(letters: string, gfp: Gfp): boolean {
  if (letters === "") return true; // kernels before 3.8 print none
  return [...letters].some((letter) =>
    COMMON.includes(letter) || letter === "C" && gfp.type === "Movable" ||
    letter === "H" && gfp.harder
  );
}

function rulesOf({ kernel, request, zones }: MemInfo): WatermarkRule[] {
  if (kernel) {
    const [major, minor] = kernel;
    return [major > 4 || major === 4 && minor >= 4 ? "new" : "old"];
  }
  const letters = zones.flatMap(({ blocks }) => blocks.map((b) => b.types))
    .join("");
  const figures = (name: string) => zones.some(({ kib }) => name in kib);
  const recent = letters.includes("H") || figures("reserved_highatomic") ||
    figures("writepending") || !!request?.mode?.includes("(");
  if (recent) return ["new"];
  const early = letters.includes("R") || !figures("managed");
  return early ? ["old"] : ["old", "new"];
}

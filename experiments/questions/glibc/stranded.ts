/**
 * What pins each arena: after twelve workers have passed a job around, every
 * arena holds tens of megabytes for one small result. A heap can only shrink
 * from its top, so what counts is the highest block in use.
 *
 * @module
 */
import { AddressSpace } from "../../../allocators/os/address_space.ts";
import { atLeast, exactly, mean } from "../../experiment/claims.ts";
import { type Experiment, HEAP_MAP } from "../../experiment/experiment.ts";
import { ArenaMaps } from "../../measures/arena_maps.ts";
import { bytes, count, ratio, type Row } from "../../measures/columns.ts";
import { replay, Session } from "../../replay/replay.ts";
import { baton } from "../../workloads/threads.ts";

/** Operations from one look at the arenas to the next: three a job. */
const LOOK = 20_000;

/** The declaration. */
export const stranded: Experiment = {
  name: "stranded",
  question: "What keeps the memory of an arena that is hardly used?",
  claims: [
    {
      id: "stranded.pin",
      statement: "One result of 64 bytes keeps an arena of 30 MiB: usable " +
        "bytes in use per arena.",
      source: "glibc 2.36, measured",
      measured: mean("live_bytes_per_arena", { allocator: "glibc" }),
      expected: exactly(72),
    },
    {
      id: "stranded.held",
      statement: "Arenas hold thousands of times what is in use in them: " +
        "bytes held over bytes in use.",
      source: "glibc 2.36, measured",
      measured: mean("held_per_live", { allocator: "glibc" }),
      expected: atLeast(10_000),
    },
  ],
  random: false,
  needs: ["threading", "arenaFigures", "placeOf"],
  allocators: ["glibc", "glibc:arena_max=2"],
  parameters: {
    jobs: {
      summary: "jobs of 30 MiB, passed around twelve threads",
      values: { quick: [4], default: [12] },
    },
  },
  columns: [
    bytes("live_bytes_per_arena", "Bytes in use in an arena but main."),
    ratio("held_per_live", "Bytes of an arena over its bytes in use."),
    count("arena", "arena", "Number of the arena; 0 is main."),
    bytes("system_bytes", "Bytes that the arena has got from the system."),
    bytes("top_bytes", "Bytes of its top: free, at the end."),
    bytes("binned_bytes", "Bytes of its free chunks below the top."),
    bytes("live_bytes", "Bytes of its blocks in use."),
    bytes("pin_bytes", "Bytes of the highest block in use."),
    bytes("pin_offset_bytes", "Where that lies in its segment."),
    count("live_blocks", "block", "Blocks in use."),
  ],
  headline: ["live_bytes_per_arena", "held_per_live"],
  async run(cell) {
    const source = new AddressSpace();
    const { heap } = cell.heap(undefined, source);
    const session = new Session(heap, source, { touch: "all" });
    const trace = baton(12, cell.number("jobs"));
    const maps = new ArenaMaps();
    const sink = () => maps.look(session.op, heap);
    await replay(trace, session, { every: LOOK, sink });
    const rows: Row[] = heap.arenaFigures!().map((figures, arena) => ({
      arena,
      system_bytes: figures.systemBytes,
      top_bytes: figures.topBytes,
      binned_bytes: figures.binnedBytes,
      live_bytes: 0,
      live_blocks: 0,
      pin_bytes: 0,
      pin_offset_bytes: 0,
    }));
    session.eachLive((address) => {
      const place = heap.placeOf!(address);
      if (!place) return;
      const row = rows[place.arena] as Record<string, number>;
      const usable = heap.usableSize(address);
      row.live_bytes! += usable;
      row.live_blocks! += 1;
      if (address - place.start < row.pin_offset_bytes!) return;
      row.pin_offset_bytes = address - place.start;
      row.pin_bytes = usable;
    });
    const others = rows.slice(1) as Record<string, number>[];
    const sum = (key: string) =>
      others.reduce((bytes, row) => bytes + row[key]!, 0);
    return {
      workload: trace.name,
      samples: [session.sample("loaded")],
      tables: { arenas: rows, heap_map: maps.rows(session.op) },
      measures: {
        live_bytes_per_arena: sum("live_bytes") / others.length,
        held_per_live: sum("system_bytes") / sum("live_bytes"),
      },
    };
  },
  figures: [{
    title: "Bytes that each arena holds after the jobs.",
    table: "arenas",
    x: "arena",
    y: "system_bytes",
    series: "allocator",
    mark: "bar",
  }, {
    ...HEAP_MAP,
    title: "What lies where in each arena while the jobs go round.",
    facet: "arena",
    where: { allocator: "glibc" },
  }],
};

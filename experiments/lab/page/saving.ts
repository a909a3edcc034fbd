/**
 * What is shown, as files.
 *
 * @module
 */
/// <reference lib="dom" />
import type { App } from "./app.ts";
import { button, h } from "./dom.ts";
import type { LaneFacts } from "./lane_view.ts";
import { pictureOf } from "./picture.ts";
import { countText } from "./ranges.ts";

/** The buttons. */
export function savingTools(app: App): HTMLElement {
  return h(
    "div",
    { class: "tools" },
    button("Save picture", () => savePicture(app)),
    button("Save blocks as CSV", () => saveBlocks(app)),
    button("Save metrics as CSV", () => saveMetrics(app.lanes)),
    button("Copy link", () => {
      app.linker.now();
      navigator.clipboard?.writeText(location.href)
        .then(() => app.say("The link is copied"))
        .catch(() => app.say("The link stands in the address bar"));
    }),
  );
}

/** Offers `content` as a file. */
function save(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  h("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Maps, legend and metrics as a PNG, as they look on the page. */
function savePicture(app: App): void {
  pictureOf(app.pictured, app.title)
    .toBlob((blob) => blob && save("lab.png", blob));
}

/** All blocks that the maps show. */
async function saveBlocks(app: App): Promise<void> {
  app.say("Writing what the maps show as CSV");
  const found = await app.client.ask({ kind: "csv", views: app.shownParts });
  if (found.kind === "failed") return app.say(found.line);
  if (found.kind !== "csv") return;
  save("blocks.csv", new Blob(found.pieces, { type: "text/csv" }));
  app.say(`blocks.csv: ${countText(found.rows)} blocks in view`);
}

/** The curves of all lanes. */
function saveMetrics(lanes: readonly LaneFacts[]): void {
  save("metrics.csv", new Blob([metricsCsv(lanes)], { type: "text/csv" }));
}

/** The samples of all lanes; a cell is empty where a lane has no such metric. */
export function metricsCsv(
  lanes: readonly Pick<LaneFacts, "spec" | "series">[],
): string {
  const names = [
    ...new Set(
      lanes.flatMap(({ series }) => series.map(({ name }) => name)),
    ),
  ];
  const rows = lanes.flatMap(({ spec, series }) => {
    const columns = names.map((name) =>
      series.find((one) => one.name === name)?.y
    );
    return [...series[0]?.x ?? []].map((op, k) => [
      spec,
      op,
      ...columns.map((values) => values?.[k] ?? ""),
    ]);
  });
  return [["allocator", "op", ...names], ...rows]
    .map((row) => row.join() + "\n").join("");
}

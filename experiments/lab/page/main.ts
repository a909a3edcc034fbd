/**
 * Starts the page of the lab.
 *
 * @module
 */
/// <reference lib="dom" />
import { App } from "./app.ts";
import { embedded } from "./embedded.ts";

function textOf(id: string): string {
  return document.getElementById(id)!.textContent!;
}

const app = new App(
  document.getElementById("lab")!,
  textOf("worker"),
  embedded(),
);
Object.assign(globalThis, { lab: app });
addEventListener("resize", () => app.resized());
matchMedia("(prefers-color-scheme: dark)")
  .addEventListener("change", () => app.resized());
addEventListener("hashchange", () => app.opener.restore(location.hash));
addEventListener("dragover", (event) => event.preventDefault());
addEventListener("drop", (event: DragEvent) => {
  event.preventDefault();
  const [file, ...others] = event.dataTransfer?.files ?? [];
  if (others.length > 0) return app.say("Drop one file at a time");
  if (file) {
    app.opener.openFile(file, app.specs.length > 0 ? app.specs : ["glibc"]);
  }
});
app.opener.restore(location.hash);

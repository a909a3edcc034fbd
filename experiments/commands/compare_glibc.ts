/**
 * `compare` without `--real`: the simulated glibc beside the real one, answer
 * by answer.
 *
 * @module
 */
import { resolve } from "node:path";
import type { VersionName } from "../../allocators/glibc/versions.ts";
import { parseSpec, type Spec } from "../../allocators/entry.ts";
import { differenceCsv, differences, differenceText } from "../real/answers.ts";
import { buildOracle, type GeometryName } from "../real/glibc.ts";
import { type VersionGeometry, versionOracle } from "../real/glibc_versions.ts";
import { plainText } from "../real/requests.ts";
import { Failure, UsageError } from "../runner/failure.ts";
import { projectPath } from "../runner/files.ts";
import { TemporaryFolder } from "../runner/temporary_folder.ts";
import { replaceFile } from "../runner/commit.ts";
import { openTrace } from "../traces/open_trace.ts";
import { plural } from "../traces/plural.ts";
import type { Lab } from "./command.ts";
import { openInput } from "./input.ts";

/** The version that is this machine's own. */
const OWN = "2.36";

/** What was asked for. */
export interface GlibcRequest {
  file: string;
  spec: string;
  /** A version that is not this machine's own. */
  version: string | undefined;
  /** Where other versions are. */
  folder: string | undefined;
  every: number;
  /** A file for the figures over time. */
  out: string | undefined;
}

/** Compares; 1 if anything differs. */
export async function compareGlibc(
  lab: Lab,
  request: GlibcRequest,
): Promise<number> {
  const { file, every, version: wanted } = request;
  const more = wanted === undefined ? "" : `:version=${wanted}`;
  const spec = parsed(lab, request.spec + more);
  const { geometry = "x86_64", version: of, ...tunables } = spec.values;
  const version = of ?? spec.entry.options.version!.fallback;
  const build = projectPath("data/real");
  const oracle = wanted === undefined && version === OWN
    ? await buildOracle(geometry as GeometryName, build, ["env"])
    : await versionOracle({
      folder: resolve(lab.cwd, request.folder ?? projectPath("data/glibc")),
      version: version as VersionName,
      geometry: geometry as VersionGeometry,
    });
  if ("why" in oracle) {
    throw new Failure(`No real malloc for ${geometry}: ${oracle.why}`);
  }
  using temporary = await TemporaryFolder.in(build);
  const text = `${temporary.path}/requests.rep`;
  try {
    const trace = openTrace(file, () => openInput(lab, file));
    Deno.writeTextFileSync(text, await plainText(trace));
    const found = await differences({
      spec,
      oracle,
      tuning: Object.entries(tunables)
        .filter(([, value]) => value !== "unset")
        .map(([key, value]) => `${key}=${value}`),
      file: text,
      trace: openTrace(file, () => openInput(lab, text)),
      every,
    });
    const operations = plural(found.operations, "operation");
    lab.print(`${file} under ${spec.text}: ${operations}\n`);
    lab.print(differenceText(found));
    if (found.first) {
      const op = parseInt(found.first.simulated ?? "");
      lab.print(
        `  to see its way        deno task run replay ${file} --allocator ` +
          `${spec.text} --addresses --explain | grep "^${op} "\n`,
      );
    }
    const out = request.out === undefined
      ? `${lab.results}/compare.csv`
      : resolve(lab.cwd, request.out);
    Deno.mkdirSync(resolve(out, ".."), { recursive: true });
    replaceFile(out, differenceCsv(found));
    lab.print(`break and residency over time are in ${request.out ?? out}\n`);
    return found.lines > 0 || found.figures > 0 ? 1 : 0;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotCapable)) throw error;
    throw new Failure(
      `Cannot write ${request.out}: only the project's data folder is open`,
    );
  }
}

/** The spec `text`, of glibc; `UsageError` if it is none. */
function parsed(lab: Lab, text: string): Spec {
  try {
    const spec = parseSpec(text, lab.catalogue.allocators);
    if (spec.entry.name === "glibc") return spec;
    throw new UsageError(
      `compare without --real knows the real glibc only, not ${spec.entry.name}`,
    );
  } catch (error) {
    if (error instanceof RangeError) throw new UsageError(error.message);
    throw error;
  }
}

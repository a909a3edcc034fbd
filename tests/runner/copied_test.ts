/**
 * Folders of results that were copied without their hidden files, spoilt, or
 * made by somebody else: a run goes on, or says why and touches nothing.
 *
 * @module
 */
import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { SHARED_TABLES } from "../../experiments/experiment/result_files.ts";
import { Failure } from "../../experiments/runner/failure.ts";
import { Results } from "../../experiments/runner/results.ts";
import { sealed } from "../../experiments/runner/sealed.ts";
import { copy, SPOILT, visible } from "./folders.ts";
import { contents, lab, ok, processTest, ROOT } from "./lab.ts";

const REAL = `${ROOT}experiments/main.ts`;

processTest("a copy without hidden files is as good", async (base) => {
  const [whole, copied] = [`${base}/whole`, `${base}/copied`];
  const out = ["--scale", "quick", "--out"];
  const how = { program: REAL };
  const names = ["power_of_two_waste", "kingsley_worst", "buddy_checkerboard"];
  await ok(["experiments", ...names, ...out, whole], how);
  copy(whole, copied);
  const claims = ["claims", "9k", ...out];
  const figures = ["figures", "--results"];
  const experiment = ["experiments", "robson", "--seeds", "3", ...out];
  for (const words of [claims, figures, experiment]) {
    await ok([...words, whole], how);
    await ok([...words, copied], how);
    assertEquals(visible(copied), visible(whole), words.join(" "));
  }
  const page = visible(copied).get("index.html")!;
  assertEquals(page.match(/<section class="experiment"/g)?.length ?? 4, 4);
  for (const name of [...names, "robson"]) {
    assert(page.includes(`figures/${name}.1`), name);
  }
  // Figures that were left behind as well are drawn again.
  const bare = `${base}/bare`;
  copy(whole, bare);
  Deno.removeSync(`${bare}/figures`, { recursive: true });
  await ok([...claims, bare], how);
  assertEquals(visible(bare), visible(whole));
});

const RUN = ["experiments", "churning", "paging", "--seeds", "2", "--out"];
const ONE = ["experiments", "paging", "--out"];
const WAYS = Object.values(SPOILT);

processTest(
  "a run that would lose results says why and touches nothing",
  async (base) => {
    const good = `${base}/good`;
    await ok([...RUN, good]);
    const files = visible(good);
    const old = JSON.stringify({ resources: [] });
    const cases: [Record<string, string | undefined>, RegExp][] = [
      [
        { "datapackage.json": undefined },
        /there is churning\.csv, but no data/,
      ],
      [{ "datapackage.json": "" }, /datapackage\.json is empty/],
      [{ "datapackage.json": old }, /json is damaged, or of another version/],
      ...WAYS.slice(0, 2).map((spoil) =>
        [
          { "datapackage.json": spoil(files.get("datapackage.json")!) },
          /json is damaged/,
        ] as [Record<string, string>, RegExp]
      ),
      ...["summary", "statistics", "differences", "claims"].map((name, i) =>
        [
          { [`${name}.csv`]: WAYS[i]!(files.get(`${name}.csv`)!) },
          new RegExp(`${name}\\.csv is not as it was written: `),
        ] as [Record<string, string | undefined>, RegExp]
      ),
    ];
    const samples = files.get("churning.csv")!;
    for (const change of [undefined, samples.replace(/\n.*\n/, "\n")]) {
      cases.push([
        { "churning.csv": change },
        /churning\.csv is not as it was/,
      ]);
    }
    const queue = [...cases.entries()];
    const worker = async () => {
      for (let one; (one = queue.pop());) {
        const [i, [change, says]] = one;
        const folder = `${base}/${i}`;
        copy(good, folder, change);
        const before = contents(folder);
        const { code, out, err } = await lab([...ONE, folder]);
        const where = `${Object.keys(change)}: ${says.source}`;
        assertEquals([code, out, err.split("\n").length], [1, "", 2], where);
        assertMatch(err, says, where);
        assertMatch(err, /lose what .* of churning: name another folder/);
        assertEquals(contents(folder), before, where);
      }
    };
    await Promise.all([worker(), worker()]);
    // What is written anew anyway is lost by nobody.
    const anew = `${base}/anew`;
    copy(good, anew, { "summary.csv": "", "datapackage.json": undefined });
    await ok([...RUN, anew]);
    assertEquals(visible(anew), files);
    // Times are no results.
    copy(good, `${base}/times`, { "timing.csv": "a,b\n1\n" });
    await ok([...ONE, `${base}/times`]);
    assertEquals(visible(`${base}/times`), files);
  },
);

processTest("a result that the package does not know is said", async (base) => {
  await ok([...RUN, `${base}/all`]);
  await ok(["experiments", "churning", "--out", `${base}/one`]);
  const stray = Deno.readTextFileSync(`${base}/all/paging.csv`);
  copy(`${base}/one`, `${base}/both`, { "paging.csv": stray, "my.csv": "1" });
  const args = ["experiments", "churning", "--out", `${base}/both`];
  const { code, err } = await lab(args);
  assertEquals(code, 1);
  assertMatch(err, /^datapackage\.json does not say what paging\.csv is\. The/);
  Deno.removeSync(`${base}/both/paging.csv`);
  await ok(args);
  assertEquals(Deno.readTextFileSync(`${base}/both/my.csv`), "1");
});

processTest("every way to spoil a file is noticed", async (base) => {
  const good = `${base}/good`;
  await ok([...RUN, good]);
  const results = Results.in(good);
  let noticed = 0;
  for (const resource of results.resources) {
    const path = `${good}/${resource.path}`;
    const text = results.text(resource);
    assertEquals(text, Deno.readTextFileSync(path));
    for (const [how, spoil] of Object.entries(SPOILT)) {
      if (how === "digit" && resource.path === "timing.csv") continue;
      const spoilt = spoil(text);
      if (spoilt === text) continue; // a single line cannot be ragged
      if (spoilt === undefined) Deno.removeSync(path);
      else Deno.writeTextFileSync(path, spoilt);
      assertThrows(() => results.text(resource), Failure, resource.path, how);
      Deno.writeTextFileSync(path, text);
      noticed++;
    }
  }
  assertEquals(noticed, 8 * 5 - 2);
});

processTest("export and figures refuse what is spoilt", async (base) => {
  const good = `${base}/good`;
  await ok([...RUN, good]);
  const cases = ["churning.phases", "summary", "paging", "claims"];
  for (const [i, name] of cases.entries()) {
    const text = visible(good).get(`${name}.csv`)!;
    const folder = `${base}/${name}`;
    copy(good, folder, { [`${name}.csv`]: WAYS[i + 1]!(text) });
    const before = contents(folder);
    const [first, second] = name.split(".");
    const asked = SHARED_TABLES.includes(name)
      ? ["--table", name]
      : [first!, ...(second ? ["--table", second] : [])];
    for (const words of [["export", ...asked], ["figures"]]) {
      const end = await lab([...words, "--results", folder]);
      assertEquals([end.code, end.out], [1, ""], words.join(" "));
      assertMatch(
        end.err,
        /^[^\n]*\/[\w.]+\.csv is not as it was written: [^\n]*\n$/,
      );
      assert(end.err.includes(`/${name}.csv`), end.err);
      assertEquals(contents(folder), before, words.join(" "));
    }
  }
});

processTest("a package of anybody's making leads nowhere", async (base) => {
  const good = `${base}/in/good`;
  await ok([...RUN, good]);
  const text = visible(good).get("datapackage.json")!;
  const json = `{${text.slice(text.indexOf(",") + 1)}`;
  Deno.writeTextFileSync(`${base}/in/x.csv`, "mine");
  const names = ["../x.csv", "/etc/passwd", "a/b.csv", ".x.csv", "x.json"];
  for (const name of names) {
    const bad = json.replaceAll('"churning.phases.csv"', JSON.stringify(name));
    assert(bad !== json);
    const folder = `${base}/in/${names.indexOf(name)}`;
    copy(good, folder, { "datapackage.json": sealed(bad.trimEnd()) + "\n" });
    for (
      const words of [
        ["experiments", "churning", "--out", folder],
        ["export", "--results", folder],
        ["figures", "--results", folder],
      ]
    ) {
      const { code, err } = await lab(words);
      assertEquals([code, err.split("\n").length], [1, 2], `${name} ${words}`);
    }
  }
  assertEquals(Deno.readTextFileSync(`${base}/in/x.csv`), "mine");
});

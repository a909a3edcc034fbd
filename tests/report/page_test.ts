/**
 * The page, made of files that hold anything.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import type { Experiment } from "../../experiments/experiment/experiment.ts";
import {
  CHAPTERS,
  EXPERIMENTS,
  HEADLINES,
} from "../../experiments/questions/mod.ts";
import {
  contentOf,
  type Guide,
} from "../../experiments/report/page/content.ts";
import { pageOf } from "../../experiments/report/page/page.ts";

const GUIDE: Guide = {
  chapters: CHAPTERS,
  headlines: HEADLINES,
  experiments: EXPERIMENTS,
  replayed: ["map_churn"],
};

const EVIL = `"><script>alert('1')</script>&<img src=x onerror=alert(2)>`;

function provenance(experiment: string) {
  return {
    experiment,
    version: "1.2.3",
    command: `deno task run experiments ${experiment} --set a=<b>`,
    scale: "quick",
    seeds: [1, 2, 3, 7],
  };
}

function resource(path: string, experiment?: string, description = "What?") {
  const fields = [
    { name: "footprint_bytes", unit: "byte", description: "Held." },
  ];
  return {
    path,
    description,
    schema: { fields },
    ...(experiment && { provenance: provenance(experiment) }),
  };
}

const HEADER =
  "id,experiment,statement,source,verdict,condition,expected_verdict," +
  "as_expected,expected,tolerance,measured,version";

function page(resources: object[], claims: string[], guide = GUIDE): string {
  const files: Record<string, string> = {
    "datapackage.json": JSON.stringify({ resources }),
    "claims.csv": [HEADER, ...claims, ""].join("\n"),
  };
  return pageOf(contentOf(guide, (name) => files[name], () => true));
}

/** Start tags with their attributes, outside of style and script. */
function tags(html: string): { name: string; attributes: string }[] {
  const bare = html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, "");
  return [...bare.matchAll(/<(\w+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*>/g)]
    .map(([, name, attributes]) => ({
      name: name!,
      attributes: attributes!,
    }));
}

Deno.test("what files say is text on the page, whatever it is", () => {
  const quoted = `"${EVIL.replaceAll('"', '""')}"`;
  const claim = Array(12).fill(quoted).join(",");
  const evil: Experiment = { ...EXPERIMENTS[0]!, name: EVIL, question: EVIL };
  const guide = {
    chapters: [{ name: EVIL, title: EVIL, summary: EVIL, experiments: [evil] }],
    headlines: [EVIL],
    replayed: [],
    experiments: [evil],
  };
  const own = {
    ...resource("javascript:alert(3)", EVIL, EVIL),
    schema: { fields: [{ name: EVIL, unit: EVIL, description: EVIL }] },
  };
  const shared = resource(`//example.org/${EVIL}`);
  const html = page([own, shared], [claim], guide);
  assert(!html.includes(EVIL));
  assert(!html.includes("<script>alert"), "a script of the files'");
  const allowed = "a body br button code dd details div dl dt em figure form " +
    "h1 h2 h3 head header html img input li main meta nav ol option output p " +
    "picture section select small source span style summary table tbody td " +
    "th thead title tr ul";
  for (const { name, attributes } of tags(html)) {
    assert(allowed.split(" ").includes(name), `<${name}>`);
    const bare = attributes.replace(/"[^"]*"/g, "");
    assert(!/\son\w+=/.test(bare), attributes);
    const link = /(?:href|src|srcset)="([^"]*)"/.exec(attributes)?.[1];
    if (link !== undefined) assert(!/^\/\/|^\w+:/.test(link), link);
  }
  const text = html.replace(/<[^>]*>/g, "").replace(
    /&#(\d+);/g,
    (_, code) => String.fromCharCode(code),
  );
  assert(text.split(EVIL).length > 10, "it can be read");
});

/** Results of all experiments, with every claim. */
function everything(): string {
  const names = EXPERIMENTS.map(({ name }) => name);
  const claims = EXPERIMENTS.flatMap((e) =>
    e.claims.map(({ id }) => `${id},${e.name},s,n,holds,,holds,yes,1,0,1,1`)
  );
  return page(
    [...names.map((name) => resource(`${name}.csv`, name)), resource("a.csv")],
    claims,
  );
}

Deno.test("all that was found is on the page, in chapters, without a script", () => {
  const html = everything().replace(/<script>[\s\S]*<\/script>/, "");
  const places = (text: string) => html.split(text).length - 1;
  for (const { name, title } of CHAPTERS) {
    assertEquals(places(`id="chapter-${name}"`), 1, name);
    assertEquals(places(`href="#chapter-${name}"`), 1, name);
    assertEquals(places(`<h2>${title}</h2>`), 1);
  }
  for (const { name, claims, figures } of EXPERIMENTS) {
    assertEquals(places(`<section id="${name}">`), 1, name);
    assert(places(`href="#${name}"`) >= 1, name);
    for (const { id } of claims) {
      assertEquals(places(`id="claim-${id}"`), 1, id);
      assert(places(`<code>${id}</code>`) >= 2, `${id}: here and among all`);
    }
    for (const i of figures.keys()) {
      for (const suffix of ["", ".narrow"]) {
        const path = `figures/${name}.${i + 1}${suffix}.svg`;
        assert(html.includes(`="${path}"`), path);
      }
    }
  }
  assertEquals(html.match(/ hidden/g)?.length, 1, "only the filter is hidden");
  const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id!);
  assertEquals(new Set(ids).size, ids.length);
  for (const [, link] of html.matchAll(/href="#([^"]*)"/g)) {
    assert(ids.includes(decodeURIComponent(link!)), `nothing at #${link}`);
  }
});

Deno.test("ten questions come first, each with the claim that answers it", () => {
  assertEquals(HEADLINES.length, 10);
  const owners = HEADLINES.map((id) =>
    EXPERIMENTS.find(({ claims }) => claims.some((claim) => claim.id === id))
      ?.name
  );
  assert(!owners.includes(undefined), `${owners}`);
  assertEquals(new Set(owners).size, 10, "ten questions");
  const html = everything();
  assert(html.indexOf('id="questions"') < html.indexOf("<h2>"));
  for (const id of HEADLINES) {
    assert(html.includes(`<a href="#claim-${id}">${id}</a>`), id);
  }
});

Deno.test("every verdict that a claim can have is explained and counted", () => {
  const rows = [
    "a,shore,s,n,holds,,holds,yes,1,0,1,1",
    "b,shore,s,n,holds_only_if,it rains,holds_only_if,yes,1,0,1,1",
    "c,shore,s,n,refuted,,refuted,yes,1,0,1,1",
    "d,shore,s,n,refuted,,holds,no,1,0,1,1",
    "e,shore,s,n,not_measured,,holds,,1,0.5,,1",
  ];
  const html = page([resource("shore.csv", "shore")], rows);
  assert(html.includes(
    "5 claims: 1 holds, 1 holds on a condition, 1 is refuted as expected, " +
      "1 is a regression, 1 was not measured.",
  ));
  assert(html.includes("<em>Only if it rains.</em>"));
  assert(html.includes("1 ± 0.5"));
  assert(html.includes("seeds 1..3, 7"));
  const command = "deno task run experiments shore --set a=&#60;b&#62;";
  assert(html.includes(`<code>${command}</code>`), "the command made it");
  const sure = { ...provenance("shore"), random: false, seeds: [1] };
  const other = page([{ ...resource("a.csv"), provenance: sure }], []);
  assert(other.includes("at scale quick, deterministic"));
  const labels = [...html.matchAll(/data-verdict="([^"]*)"/g)]
    .map(([, label]) => label!);
  const explained = [...html.matchAll(/<dt><span class="[^"]*">([^<]*)</g)]
    .map(([, label]) => label!);
  const offered = [...html.matchAll(/<option>([^<]*)</g)]
    .map(([, label]) => label!);
  assertEquals(new Set(labels), new Set(explained));
  assertEquals(offered, explained);
});

Deno.test("the glossary has each column once, and says where it is", () => {
  const html = page([
    resource("shore.csv", "shore"),
    resource("fleet.csv", "fleet"),
    resource("summary.csv"),
    {
      ...resource("claims.csv"),
      schema: { fields: [{ name: "id", description: "Name." }] },
    },
  ], []);
  const terms = html.slice(html.indexOf('class="terms"'));
  assertEquals(terms.split("<code>footprint_bytes</code>").length, 2);
  assert(!html.includes("<form"), "nothing to filter");
  assert(html.includes("<p>2 experiments. Fraglab 1.2.3.</p>"));
  assert(terms.includes(">3 files</td>"));
  assert(terms.includes('<a href="claims.csv">claims.csv</a>'));
});

Deno.test("an empty folder has a page", () => {
  const html = pageOf(contentOf(GUIDE, () => undefined, () => false));
  assert(html.includes("<p>0 experiments. Fraglab"));
});

Deno.test("cells that replay a trace are linked to the lab beside the page", () => {
  const files: Record<string, string> = {
    "datapackage.json": JSON.stringify({
      resources: [
        resource("map_churn.csv", "map_churn"),
        resource("robson.csv", "robson"),
      ],
    }),
  };
  const summary = [
    "experiment,allocator,workload,parameters,seed,operations",
    "map_churn,buddy:page=16,map_nodes,keys=random;sizes=uniform:1:9,7,4",
    "map_churn,-,map_nodes,keys=random,7,4",
    "robson,glibc,robson,M=64,1,4",
  ];
  const html = (there: boolean) =>
    pageOf(contentOf(
      GUIDE,
      (name) => files[name],
      (path) => path !== "lab.html" || there,
      (name) => name === "summary.csv" ? summary : undefined,
    ));
  const links = tags(html(true))
    .flatMap(({ attributes }) =>
      /href="(lab[^"]*)"/.exec(attributes)?.[1] ?? []
    );
  assertEquals(links, [
    "lab.html#experiment=map_churn&#38;set=keys%3Drandom&#38;" +
    "set=sizes%3Duniform%3A1%3A9&#38;seed=7&#38;allocators=buddy%3Apage%3D16",
  ]);
  assertEquals(html(false).includes("lab.html"), false);
  // GUIDE knows no replayed experiment but one: of others the page says why.
  const notes = (there: boolean) =>
    html(there).match(/<p class="lab">(The lab shows none|To look at)/g) ?? [];
  assertEquals(notes(true).length, 1);
  assertEquals(notes(false), []);
});

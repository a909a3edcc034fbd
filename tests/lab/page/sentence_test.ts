import { assertEquals } from "@std/assert";
import { StatePanel } from "../../../experiments/lab/page/state_panel.ts";
import { Driver } from "../driver.ts";

Deno.test("what is read out of a state is whole sentences", async () => {
  const lab = new Driver();
  const specs = ["first_fit", "buddy"];
  await lab.load({ kind: "text", text: "a 0 4096" }, specs);
  const said = async (op: number) => {
    const question = { kind: "state", ticket: 1, op } as const;
    const { lanes } = await lab.ask(question, "states");
    return StatePanel.sentence(lanes, specs);
  };
  const none = "after operation 0, nothing yet. Footprint 0 B, live 0 B.";
  assertEquals(await said(0), `first_fit: ${none} buddy: ${none}`);
  assertEquals((await said(1)).match(/\. \.|\.\./), null);
});

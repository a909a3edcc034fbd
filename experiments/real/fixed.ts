/**
 * Switches the randomisation of addresses off for the processes that are run.
 *
 * @module
 */

/** The words that stand before a program for that; none where it is refused. */
export async function fixedAddresses(): Promise<readonly string[]> {
  try {
    const { success } = await new Deno.Command("setarch", {
      args: ["-R", "env"],
    }).output();
    return success ? ["setarch", "-R"] : [];
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

/**
 * Chromium as Debian has it, told what to do over the protocol of its
 * developer tools.
 *
 * A library for that needs every permission (it looks at /proc), this one the
 * network of this machine only.
 *
 * @module
 */

/** Most seconds that an answer may take. */
const PATIENCE = 300;

// deno-lint-ignore no-explicit-any -- whatever the browser says
type Json = any;

/** Keys by name: code, and text if they type one. */
const KEYS: Readonly<Record<string, { code: number; text?: string }>> = {
  Tab: { code: 9 },
  Enter: { code: 13, text: "\r" },
  Escape: { code: 27 },
  " ": { code: 32, text: " " },
  PageUp: { code: 33 },
  PageDown: { code: 34 },
  End: { code: 35 },
  Home: { code: 36 },
  ArrowLeft: { code: 37 },
  ArrowUp: { code: 38 },
  ArrowRight: { code: 39 },
  ArrowDown: { code: 40 },
  "+": { code: 187, text: "+" },
  "-": { code: 189, text: "-" },
};

/** How a page is looked at. */
export interface Look {
  width: number;
  height: number;
  dark?: boolean;
}

/** A running browser. */
export class Browser implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, PromiseWithResolvers<Json>>();
  readonly #listeners = new Map<
    string,
    (method: string, params: Json) => void
  >();
  #number = 0;

  private constructor(process: Deno.ChildProcess, socket: WebSocket) {
    this.#process = process;
    this.#socket = socket;
    socket.onmessage = ({ data }) => this.#hear(JSON.parse(data));
  }

  /** Starts one that keeps its files in `folder`; throws `Error` that says why not. */
  static async start(folder: string): Promise<Browser> {
    const process = started("chromium", {
      args: [
        "--headless",
        "--no-sandbox", // which root, as in a container, cannot have
        "--disable-gpu",
        "--hide-scrollbars",
        // A page that is not in front draws nothing and waits long.
        "--disable-background-timer-throttling",
        "--disable-backgrounding-occluded-windows",
        "--disable-renderer-backgrounding",
        "--remote-debugging-port=0",
        `--user-data-dir=${folder}/.profile`,
        "about:blank",
      ],
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    });
    const address = await addressIn(process.stderr);
    const socket = new WebSocket(address);
    await new Promise((resolve, reject) => {
      socket.onopen = resolve;
      socket.onerror = () => reject(new Error("Cannot talk to chromium"));
    });
    return new Browser(process, socket);
  }

  /** A new page, empty. */
  async page(look: Look): Promise<Page> {
    const { targetId } = await this.send("Target.createTarget", {
      url: "about:blank",
    });
    const { sessionId } = await this.send("Target.attachToTarget", {
      targetId,
      flatten: true,
    });
    const page = new Page(this, targetId, sessionId);
    await page.begin(look);
    return page;
  }

  /** Does what `method` means; rejects with what the browser says against it. */
  send(method: string, params: Json = {}, sessionId?: string): Promise<Json> {
    const id = ++this.#number;
    const answer = Promise.withResolvers<Json>();
    this.#waiting.set(id, answer);
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    const timer = setTimeout(
      () => answer.reject(new Error(`${method}: no answer`)),
      1000 * PATIENCE,
    );
    return answer.promise.finally(() => clearTimeout(timer));
  }

  /** Milliseconds of processor time that all pages have taken. */
  async processorTime(): Promise<number> {
    const { processInfo } = await this.send("SystemInfo.getProcessInfo");
    return processInfo.filter(({ type }: Json) => type === "renderer")
      .reduce((sum: number, { cpuTime }: Json) => sum + 1000 * cpuTime, 0);
  }

  /** Waits until pages take next to no processor time, or for so many seconds. */
  async rest(seconds: number): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    let last = -Infinity;
    while (performance.now() < end) {
      const now = await this.processorTime();
      if (now - last < 20) return;
      last = now;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }

  /** Tells `heard` what happens in a session. */
  listen(session: string, heard: (method: string, params: Json) => void): void {
    this.#listeners.set(session, heard);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.send("Browser.close").catch(() => this.#process.kill());
    await this.#process.status;
    this.#socket.close();
  }

  #hear({ id, result, error, method, params, sessionId }: Json): void {
    if (id === undefined) {
      return this.#listeners.get(sessionId)?.(method, params);
    }
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}

/** A program that runs from now on. */
function started(
  program: string,
  options: Deno.CommandOptions,
): Deno.ChildProcess {
  try {
    return new Deno.Command(program, options).spawn();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    throw new Error(`There is no ${program} on this machine`);
  }
}

/** Where the browser says that it listens. */
async function addressIn(stderr: ReadableStream<Uint8Array>): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  (async () => {
    let said = "";
    const decoder = new TextDecoder();
    for await (const bytes of stderr) {
      said = (said + decoder.decode(bytes, { stream: true })).slice(-4096);
      const address = /DevTools listening on (\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    }
    reject(new Error(`chromium ended: ${said}`));
  })();
  return await promise;
}

/** A page of the browser. */
export class Page {
  /** Errors that nothing in the page caught. */
  readonly errors: string[] = [];
  readonly #browser: Browser;
  readonly #target: string;
  readonly #session: string;
  readonly #workers: string[] = [];

  /** Session `session` of the target. */
  constructor(browser: Browser, target: string, session: string) {
    this.#browser = browser;
    this.#target = target;
    this.#session = session;
  }

  /** Gets ready to be looked at. */
  async begin(look: Look): Promise<void> {
    this.#browser.listen(this.#session, (method, params) => {
      if (method === "Runtime.exceptionThrown") {
        const { text, exception } = params.exceptionDetails;
        this.errors.push(exception?.description ?? text);
      } else if (method === "Target.attachedToTarget") {
        this.#workers.push(params.sessionId);
      }
    });
    await this.send("Page.enable");
    await this.send("Runtime.enable");
    await this.send("Target.setAutoAttach", {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: true,
    });
    await this.send("Page.bringToFront");
    await this.look(look);
  }

  /** As {@linkcode Browser.send}, to the page. */
  send(method: string, params: Json = {}): Promise<Json> {
    return this.#browser.send(method, params, this.#session);
  }

  /** Changes how it is looked at. */
  async look({ width, height, dark = false }: Look): Promise<void> {
    await this.send("Emulation.setDeviceMetricsOverride", {
      width,
      height,
      deviceScaleFactor: 1,
      mobile: false,
    });
    const value = dark ? "dark" : "light";
    await this.send("Emulation.setEmulatedMedia", {
      features: [{ name: "prefers-color-scheme", value }],
    });
  }

  /** Opens `address`; resolves once its scripts have run. */
  async open(address: string): Promise<void> {
    await this.send("Page.navigate", { url: "about:blank" });
    await this.send("Page.navigate", { url: address });
    await this.until(
      `document.readyState === "complete" && location.href !== "about:blank"`,
    );
  }

  /** The value of a JavaScript expression, a promise or not. */
  async evaluate<T = unknown>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", {
      expression,
      awaitPromise: true,
      returnByValue: true,
    });
    if (!exceptionDetails) return result.value;
    const { text, exception } = exceptionDetails;
    throw new Error(exception?.description ?? text);
  }

  /** Waits until `condition`, an expression, holds; fails after a while. */
  async until(condition: string, seconds = PATIENCE): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    while (!await this.evaluate(`!!(${condition})`).catch(() => false)) {
      if (performance.now() > end) throw new Error(`Never: ${condition}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Presses and releases a key. */
  async press(key: string, modifiers = 0): Promise<void> {
    const { code, text } = KEYS[key] ?? { code: key.charCodeAt(0), text: key };
    const event = { key, modifiers, windowsVirtualKeyCode: code };
    const type = text ? "keyDown" : "rawKeyDown";
    await this.send("Input.dispatchKeyEvent", { type, ...event, text });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  /** Types into what has the focus. */
  async type(text: string): Promise<void> {
    await this.send("Input.insertText", { text });
  }

  /** Something happens to the pointer at a place of the window. */
  async pointer(type: string, x: number, y: number, more: Json = {}) {
    await this.send("Input.dispatchMouseEvent", { type, x, y, ...more });
  }

  /** Clicks in the middle of what `element`, an expression, is, once it stands still. */
  async click(element: string): Promise<void> {
    const [x, y] = await this.evaluate<[number, number]>(`(async () => {
      const found = ${element};
      found.scrollIntoView({ block: "center" });
      const middle = () => {
        const { left, top, width, height } = found.getBoundingClientRect();
        return [left + width / 2, top + height / 2];
      };
      for (let last = "", same = 0; same < 3;) {
        await new Promise(requestAnimationFrame);
        same = last === String(middle()) ? same + 1 : 0;
        last = String(middle());
      }
      return middle();
    })()`);
    const more = { button: "left", clickCount: 1 };
    await this.pointer("mousePressed", x, y, more);
    await this.pointer("mouseReleased", x, y, more);
  }

  /** Drops the file at `path` on the page, as a person does. */
  async drop(path: string): Promise<void> {
    await this.evaluate(`(() => {
      document.getElementById("dropped")?.remove();
      const input = document.createElement("input");
      input.type = "file";
      input.id = "dropped";
      input.hidden = true;
      document.body.append(input);
    })()`);
    const { root } = await this.send("DOM.getDocument");
    const { nodeId } = await this.send("DOM.querySelector", {
      nodeId: root.nodeId,
      selector: "#dropped",
    });
    await this.send("DOM.setFileInputFiles", { nodeId, files: [path] });
    await this.evaluate(`(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(document.getElementById("dropped").files[0]);
      globalThis.droppedAt = performance.now();
      document.body.dispatchEvent(new DragEvent("drop", {
        dataTransfer, bubbles: true, cancelable: true,
      }));
    })()`);
  }

  /** Writes a picture of the window, or of all of the page. */
  async picture(path: string, all = false): Promise<void> {
    const { data } = await this.send("Page.captureScreenshot", {
      captureBeyondViewport: all,
    });
    const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
    Deno.writeFileSync(path, bytes);
  }

  /** Bytes of objects and buffers of the page and its workers. */
  async memory(): Promise<number> {
    let bytes = 0;
    for (const session of [this.#session, ...this.#workers]) {
      const usage = await this.#browser
        .send("Runtime.getHeapUsage", {}, session).catch(() => undefined);
      if (usage) bytes += usage.usedSize + (usage.backingStorageSize ?? 0);
    }
    return bytes;
  }

  /** Closes it. */
  async close(): Promise<void> {
    await this.#browser.send("Target.closeTarget", { targetId: this.#target });
  }
}

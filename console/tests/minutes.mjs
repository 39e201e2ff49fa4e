// Three people, one evening, as a figure: a warning about one's own polygon, watched as an operator, cancelled, and a
// drill whose report is read; once on the pages, once in five commands. Prints minutes, clicks and commands.
import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { open, person, signIn } from "./browser.mjs";
import { demo, program } from "./demo.mjs";

const RING = "23.10,57.20 23.05,57.60 22.85,57.80 22.75,57.40 23.10,57.20";
const over = process.env.NADHIR_EVENING ?? "loopback";
const folder = mkdtempSync(join(tmpdir(), "nadhir-evening-"));
let hub, browser, amal, badr, oda, commands = 0;

before(async () => {
  [hub, browser] = await Promise.all([demo(), open()]);
  [amal, badr, oda] = await Promise.all([1, 2, 3].map(() => person(browser)));
  await signIn(amal, hub.author);
  await signIn(badr, hub.approver);
  await signIn(oda, hub.operator);
});
after(async () => {
  await browser?.close();
  await hub?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const minutes = (began) => ((Date.now() - began) / 60_000).toFixed(2);

/** One command of the five, as somebody; its answer. */
async function nadhir(token, words, stdin = "") {
  commands += 1;
  const env = { ...process.env, NADHIR_URL: hub.url, NADHIR_TOKEN: token };
  const running = promisify(execFile)(program, words, { env });
  running.child.stdin.end(stdin);
  const { stdout } = await running;
  return JSON.parse(stdout.trim().split("\n").at(-1));
}

const ownWarning = () => execFileSync(fileURLToPath(new URL("../../deploy/dev/wadi.sh", import.meta.url)), { encoding: "utf8" })
  .replace(/<polygon>[^<]*<\/polygon>/g, `<polygon>${RING}</polygon>`);

/** A drill at the hub, approved on the page by the other person; its report, read. Returns the clicks. */
async function drill(out) {
  const running = nadhir(hub.tokens.amal, ["drill", "run", "--mode", "public", "--yes-public", "--area", "OM-BJ", "--out", out, "--json"]);
  await badr.goto(`${hub.url}/`);
  await badr.locator("#waiting .card.drill a").first().click();
  await badr.fill("#count", "1");
  await badr.click("form[action$='/approval'] button");
  const ended = await running;
  assert.equal(ended.met, true, JSON.stringify(ended));
  assert.equal(ended.record.verified, true);
  const reader = await person(browser);
  await reader.goto(`file://${ended.report.html}`);
  assert.match(await reader.locator("body").innerText(), /omantel[^]*ooredoo[^]*vodafone/);
  await reader.context().close();
  return 2;
}

test("the evening on the pages", async () => {
  const began = Date.now();
  let clicks = 0;
  const click = async (page, selector) => { clicks += 1; await page.locator(selector).first().click(); };
  await amal.goto(`${hub.url}/`);
  await click(amal, "a.button[href='/new']");
  await click(amal, "a[href='/new/wadi-flood']");
  await click(amal, "form.fill details:not(.places) summary");
  await amal.fill("#polygon", RING);
  await click(amal, "form.fill button.button");
  await click(amal, ".ask button");
  await amal.waitForURL(/\/warnings\/wrn_/);
  const url = amal.url();
  await badr.goto(`${hub.url}/`);
  await click(badr, `#waiting a[href='${new URL(url).pathname}']`);
  await badr.fill("#count", "1");
  await click(badr, "form[action$='/approval'] button");
  await badr.getByText("Every operator on air within ten seconds").waitFor();
  // The operator's page was open all the time.
  await oda.locator(".delivery .lane.good", { hasText: "on air" }).nth(1).waitFor();
  await click(amal, "details.cancel summary");
  await click(amal, "details.cancel button");
  await amal.locator("#life .lane.good", { hasText: "stopped" }).nth(2).waitFor();
  await oda.locator(".delivery .tag", { hasText: "cancel" }).first().waitFor();
  clicks += await drill(join(folder, "pages"));
  console.log(`the evening on the pages over ${over}: ${minutes(began)} minutes, ${clicks} clicks, 1 command`);
});

test("the evening in five commands", async () => {
  const began = Date.now();
  commands = 0;
  const { amal: author, badr: approver } = hub.tokens;
  const waiting = await nadhir(author, ["alert", "submit", "--json", "-"], ownWarning());
  assert.deepEqual(waiting.governorates, ["OM-DA"]);
  await nadhir(approver, ["alert", "approve", waiting.warning, "--hash", waiting.hash, "--json"]);
  const watched = await nadhir(approver, ["alert", "watch", waiting.warning, "--json"]);
  assert.equal(watched.met, true);
  await nadhir(author, ["alert", "cancel", waiting.warning, "--json"]);
  await drill(join(folder, "commands"));
  console.log(`the evening on the command line over ${over}: ${minutes(began)} minutes, ${commands} commands`);
  // After a cancel the watch ends with the cancel's own lanes, not before.
  const stopped = await nadhir(author, ["alert", "watch", waiting.warning, "--json"]);
  assert.deepEqual(stopped.cancel.map((lane) => lane.state), ["stopped", "stopped", "stopped"]);
});

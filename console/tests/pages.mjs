// Every page in both languages, light and dark, wide and narrow: axe without findings, nothing wider than the screen, its weight.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { open, person, signIn } from "./browser.mjs";
import { demo } from "./demo.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let hub, browser, amal, badr, anybody, waiting, pages;

before(async () => {
  [hub, browser] = await Promise.all([demo("--fault", "refuse=ooredoo"), open()]);
  [amal, badr, anybody] = await Promise.all([person(browser, { bypassCSP: true }), person(browser, { bypassCSP: true }), person(browser, { bypassCSP: true })]);
  await signIn(amal, hub.author);
  await signIn(badr, hub.approver);
  await amal.goto(`${hub.url}/new/exercise`);
  await amal.locator("input[value=OM-MA]").check();
  await amal.click("form.fill button.button");
  await amal.click(".ask button");
  await amal.waitForURL(/\/warnings\/wrn_/);
  waiting = new URL(amal.url()).pathname;
  const told = new URL(hub.publicPage).pathname;
  const warning = told.replace("/w/", "/warnings/");
  pages = [
    [badr, "/"], [amal, "/new"], [amal, "/new/wadi-flood"], [amal, "/new/cap"], [badr, waiting], [amal, waiting],
    [badr, warning], [badr, `${warning}/update`], [badr, "/drill"], [badr, "/operators"], [badr, "/operators/ooredoo"],
    [anybody, told], [anybody, "/sign-in"], [badr, "/warnings/none"],
  ];
});
after(async () => { await browser?.close(); await hub?.stop(); });

async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

const looks = [["ar", "light", 1280], ["ar", "dark", 390], ["en", "dark", 1280], ["en", "light", 390]];

async function look(page, name, go) {
  for (const [lang, colorScheme, width] of looks) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    await go(lang);
    assert.equal(await page.locator("html").getAttribute("lang"), lang);
    assert.deepEqual(await findings(page), [], `${name} ${lang} ${colorScheme} ${width}`);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    assert.ok(over <= 0, `${name} ${lang} is ${over} pixels wider than ${width}`);
  }
}

test("every page by axe", async () => {
  for (const [page, path] of pages) await look(page, path, (lang) => page.goto(`${hub.url}${path}?lang=${lang}`));
});

test("preview and faults by axe", async () => {
  const fill = (areas) => async (lang) => {
    await amal.goto(`${hub.url}/new/wadi-flood?lang=${lang}`);
    await amal.fill("#areas", areas);
    await amal.click("form.fill button.button");
  };
  await look(amal, "preview", fill("OM-DA, OM-ZA"));
  await look(amal, "faults", fill("Atlantis"));
});

test("what pages weigh", async () => {
  const fetched = async (page, path) => {
    const answer = await page.request.get(`${hub.url}${path}`);
    return Buffer.from(await answer.body());
  };
  for (const [page, path] of pages) {
    const own = path.startsWith("/w/") ? ["/public.css"] : ["/style.css", "/page.js", "/htmx.js", "/morph.js", "/sse.js"];
    const parts = await Promise.all([path, ...own].map((part) => fetched(page, part)));
    const plain = parts.reduce((sum, part) => sum + part.length, 0);
    const packed = parts.reduce((sum, part) => sum + gzipSync(part).length, 0);
    console.log(`${path.replace(/wrn_[-0-9a-f]+/, "{id}")}: ${plain} octets as sent, ${packed} packed`);
    // The public page as it is sent, to a phone on 2G; the console's pages as a proxy packs them, all scripts included.
    assert.ok(path.startsWith("/w/") ? plain <= 20_000 : packed <= 60_000, path);
  }
});

// A drill at the console: the regulator plans it, the desk approves it, both read its report; in two languages, by keyboard
// alone and with JavaScript off; axe without findings.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { open, person, signIn, tabTo } from "./browser.mjs";
import { demo } from "./demo.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
let hub, browser, rim, badr;

before(async () => {
  [hub, browser] = await Promise.all([demo("--fault", "refuse=ooredoo"), open()]);
  rim = await person(browser, { locale: "ar-OM" });
  badr = await person(browser, { locale: "en-GB" });
  await signIn(rim, hub.regulator);
  await signIn(badr, hub.approver);
});
after(async () => { await browser?.close(); await hub?.stop(); });

const text = (page, selector = "main") => page.locator(selector).first().innerText();

/** Plans a drill and asks for it; returns where it waits. `but`: operators that do not take part. */
async function plan(page, { areas, but = [], languages = [], lang = "ar" }) {
  await page.goto(`${hub.url}/drill?lang=${lang}`);
  await page.click("a[href='/drill/plan']");
  for (const area of areas) await page.locator(`input[value=${area}]`).check();
  for (const name of but) await page.locator(`input[name=operator][value=${name}]`).uncheck();
  for (const code of languages) await page.locator(`input[name=language][value=${code}]`).uncheck();
  await page.click("form.fill button.button");
  await page.click(".ask button");
  await page.waitForURL(/\/warnings\/wrn_/);
  return new URL(page.url()).pathname;
}

async function approve(page, path, count) {
  await page.goto(`${hub.url}${path}`);
  await page.fill("#count", String(count));
  await page.click("form[action$='/approval'] button");
  await page.locator("a[href^='/drill/wrn_']").waitFor({ timeout: 30_000 });
}

const report = (path) => path.replace("/warnings/", "/drill/");
const json = async (page, path) => (await page.request.get(`${hub.url}${report(path)}/report.json`)).json();

async function findings(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document));
  return violations.map((v) => `${v.id}: ${v.nodes.map((node) => node.html.slice(0, 120)).join(" | ")}`);
}

let first;

test("the regulator plans it, the desk approves it, and both read its report", async () => {
  first = await plan(rim, { areas: ["OM-BJ"], but: ["ooredoo"] });
  assert.equal(await rim.locator("form[action$='/approval']").count(), 0, "to approve is the desk's");
  await rim.goto(`${hub.url}${report(first)}`);
  assert.equal(new URL(rim.url()).pathname, first, "before there is a report, the lanes");
  await rim.goto(`${hub.url}/drill`);
  assert.match(await text(rim, "#drills"), /ينتظر/);

  await badr.goto(`${hub.url}${first}`);
  assert.match(await text(badr, ".approve"), /Who takes part\s+omantel vodafone/, "the approval binds who takes part");
  await approve(badr, first, 1);
  assert.equal(await badr.locator(".lane.good").count(), 2, "those who take part");
  assert.doesNotMatch(await text(badr), /ooredoo/);
  // The regulator's list was open all the time and heard it by itself.
  await rim.locator(`#drills a[href='${report(first)}']`).click();
  await rim.waitForURL(/\/drill\/wrn_/);
  assert.equal(await rim.locator("html").getAttribute("dir"), "rtl");
  const page = await text(rim);
  for (const words of ["تقرير التمرين", "نجح التمرين", "جنوب الباطنة", "Rim (regulator)", "Badr (approver)", "4381"]) {
    assert.ok(page.includes(words), words);
  }
  assert.deepEqual(rim.complaints, [], "the policy refuses nothing of the page");
  const told = await json(rim, first);
  assert.deepEqual([told.mode, told.met, told.last, told.identifier], ["tabletop", true, null, 4381]);
  assert.deepEqual(told.who.participants, ["omantel", "vodafone"]);
  assert.ok(told.phones.displayed > 0 && told.phones.by_radio.length === 3, JSON.stringify(told.phones));
  assert.ok(page.includes(told.record.head), "the head of the record");
});

test("the next is compared with it, and fails where an operator refuses", async () => {
  const second = await plan(rim, { areas: ["OM-BJ", "OM-BS"], languages: ["hi", "ur"], lang: "en" });
  await approve(badr, second, 2);
  await badr.click("a[href^='/drill/wrn_']");
  assert.equal(await badr.locator("html").getAttribute("lang"), "en");
  assert.match(await text(badr), /Not passed[\s\S]*ooredoo/);
  const told = await json(badr, second);
  assert.equal(`/warnings/${told.last.drill}`, first);
  assert.deepEqual([told.met, told.last.met, told.last.codes], [false, true, ["OM-BJ"]]);
  assert.deepEqual(told.headlines.map(([language]) => language), ["ar", "en"]);
  assert.equal((await json(badr, first)).last, null, "the first stays what it was");
});

test("what a form cannot be has its words, and changes nothing", async () => {
  const count = async () => { await rim.goto(`${hub.url}/drill`); return rim.locator("#drills li").count(); };
  const before = await count();
  const refuse = async (fill, words) => {
    await rim.goto(`${hub.url}/drill/plan?lang=en`);
    await fill();
    await rim.click("form.fill button.button");
    assert.match(await text(rim, "main .notice.bad"), words);
  };
  await refuse(async () => {}, /no area/);
  await refuse(async () => { await rim.fill("#areas", "Atlantis"); }, /Atlantis/);
  await refuse(async () => {
    await rim.fill("#areas", "musc");
    for (const box of await rim.locator("input[name=operator]").all()) await box.uncheck();
    await rim.click("details:not(.places) summary");
    await rim.fill("#headline-en-OM", "FLASH FLOOD: leave the wadi");
    await rim.fill("#description-ar-OM", "<b>x</b>");
  }, /at least one operator[\s\S]*opens with the word for exercise/);
  assert.equal(await rim.inputValue("#headline-en-OM"), "FLASH FLOOD: leave the wadi", "what was typed stands there still");
  // Past the form: the same hidden fields with a live text.
  await rim.goto(`${hub.url}/drill/plan?lang=en`);
  const form = await rim.inputValue("input[name=form]");
  const fields = { form, area: "OM-MA", operator: "omantel", language: "ar-OM", "headline-ar-OM": "سيول: غادر الوادي" };
  const past = await rim.evaluate(async (fields) => {
    const answer = await fetch("/drill", { method: "POST", body: new URLSearchParams(fields) });
    return [answer.status, await answer.text()];
  }, fields);
  assert.equal(past[0], 422);
  assert.match(past[1], /drill\.text\.opening/);
  const own = await rim.evaluate(async (form) => {
    const answer = await fetch("/warnings", { method: "POST", body: new URLSearchParams({ form, cap: "00" }) });
    return answer.status;
  }, form);
  assert.equal(own, 403, "a regulator hands in drills alone");
  assert.equal((await rim.goto(`${hub.url}/drill/wrn_none`)).status(), 404);
  const told = new URL(hub.publicPage).pathname.replace("/w/", "/drill/");
  assert.equal((await rim.goto(`${hub.url}${told}`)).status(), 404, "a live warning is no drill");
  assert.equal(await count(), before);
});

test("an operator's engineer plans none", async () => {
  const oda = await person(browser);
  await signIn(oda, hub.operator);
  assert.equal((await oda.goto(`${hub.url}/drill/plan`)).status(), 403);
  await oda.context().close();
});

test("with JavaScript off, and a text of its own", async () => {
  const plain = await person(browser, { javaScriptEnabled: false, locale: "en-GB" });
  const token = await rim.context().cookies();
  await plain.context().addCookies(token.filter((cookie) => cookie.name === "nadhir"));
  await plain.goto(`${hub.url}/drill/plan?lang=en`);
  await plain.fill("#areas", "musandam");
  await plain.locator("input[name=operator][value=ooredoo]").uncheck();
  await plain.click("details:not(.places) summary");
  await plain.fill("#headline-en-OM", "EXERCISE: <i>sirens</i> at ten");
  await plain.fill("#name", "Sirens & phones");
  await plain.click("form.fill button.button");
  assert.match(await text(plain, ".phone"), /EXERCISE: <i>sirens<\/i> at ten/);
  await plain.click(".ask button");
  const path = new URL(plain.url()).pathname;
  await approve(badr, path, 1);
  await plain.goto(`${hub.url}${report(path)}?lang=en`);
  assert.match(await text(plain), /Sirens & phones/);
  assert.match(await text(plain), /EXERCISE: <i>sirens<\/i> at ten/);
  await plain.context().close();
});

test("by keyboard alone", async () => {
  await rim.goto(`${hub.url}/drill?lang=ar`);
  await tabTo(rim, "a[href='/drill/plan']");
  await rim.keyboard.press("Enter");
  await rim.waitForURL(/\/drill\/plan/);
  await tabTo(rim, "#areas");
  await rim.keyboard.type("مسندم");
  await tabTo(rim, "input[name=operator][value=ooredoo]");
  await rim.keyboard.press("Space");
  await tabTo(rim, "form.fill button.button");
  await rim.keyboard.press("Enter");
  await rim.locator(".ask").waitFor();
  await tabTo(rim, ".ask button");
  await rim.keyboard.press("Enter");
  await rim.waitForURL(/\/warnings\/wrn_/);
});

test("every page by axe, in both languages, light and dark, wide and narrow", async () => {
  const page = await person(browser, { bypassCSP: true });
  await page.context().addCookies((await rim.context().cookies()).filter((cookie) => cookie.name === "nadhir"));
  const preview = async (lang) => {
    await page.goto(`${hub.url}/drill/plan?lang=${lang}`);
    await page.locator("input[value=OM-BJ]").check();
    await page.click("form.fill button.button");
  };
  const faults = async (lang) => { await page.goto(`${hub.url}/drill/plan?lang=${lang}`); await page.click("form.fill button.button"); };
  const pages = {
    list: (lang) => page.goto(`${hub.url}/drill?lang=${lang}`),
    plan: (lang) => page.goto(`${hub.url}/drill/plan?lang=${lang}`),
    faults,
    preview,
    lanes: (lang) => page.goto(`${hub.url}${first}?lang=${lang}`),
    report: (lang) => page.goto(`${hub.url}${report(first)}?lang=${lang}`),
  };
  for (const [name, go] of Object.entries(pages)) {
    for (const [lang, colorScheme, width] of [["ar", "light", 1280], ["ar", "dark", 390], ["en", "dark", 1280], ["en", "light", 390]]) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await go(lang);
      assert.equal(await page.locator("html").getAttribute("lang"), lang, name);
      if (process.env.NADHIR_PICTURES) {
        await page.screenshot({ path: `${process.env.NADHIR_PICTURES}/${name}-${lang}-${colorScheme}-${width}.png`, fullPage: true });
      }
      assert.deepEqual(await findings(page), [], `${name} ${lang} ${colorScheme} ${width}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${name} ${lang} is ${over} pixels wider than ${width}`);
    }
  }
});

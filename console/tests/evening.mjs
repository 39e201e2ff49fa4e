// The evening: one person writes a warning, another approves it, the operators answer; in two languages, by keyboard
// alone, and with JavaScript off.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { open, person, signIn, tabTo } from "./browser.mjs";
import { demo } from "./demo.mjs";

let hub, browser, amal, badr;

before(async () => {
  [hub, browser] = await Promise.all([demo(), open()]);
  amal = await person(browser, { locale: "ar-OM" });
  badr = await person(browser, { locale: "en-GB" });
  await signIn(amal, hub.author);
  await signIn(badr, hub.approver);
});
after(async () => { await browser?.close(); await hub?.stop(); });

const text = (page, selector = "main") => page.locator(selector).innerText();
const wait = (page, words) => page.getByText(words).first().waitFor();

/** Counts clicks from the board to the asking. */
async function write(page, { hazard, areas }) {
  let clicks = 0;
  const click = async (selector) => { clicks += 1; await page.locator(selector).click(); };
  await page.goto(`${hub.url}/`);
  await click("a.button[href='/new']");
  await click(`a[href='/new/${hazard}']`);
  for (const area of areas) await page.locator(`input[value=${area}]`).check();
  await click("form.fill button.button");
  await click(".ask button");
  await page.waitForURL(/\/warnings\/wrn_/);
  return { url: page.url(), clicks };
}

async function approve(page, url, count) {
  await page.goto(url);
  await page.fill("#count", String(count));
  await page.click("form[action$='/approval'] button");
  await page.waitForURL(url);
}

test("a link opens one session, once", async () => {
  const again = await person(browser);
  const answer = await again.goto(hub.author);
  assert.equal(answer.status(), 410);
  assert.match(await text(again), /used already/);
  await again.goto(`${hub.url}/`);
  assert.equal(new URL(again.url()).pathname, "/sign-in");
  await again.context().close();
});

test("the evening in Arabic and English", async () => {
  assert.equal(await amal.locator("html").getAttribute("dir"), "rtl");
  assert.equal(await badr.locator("html").getAttribute("dir"), "ltr");
  const { url, clicks } = await write(amal, { hazard: "wadi-flood", areas: ["OM-DA", "OM-ZA"] });
  console.log(`template to asking: ${clicks} clicks, and one an area`);
  assert.ok(clicks <= 5);
  assert.match(await text(amal, ".approve"), /شخص آخر/, "her own warning is not hers to approve");

  await badr.goto(url);
  assert.match(await text(badr), /What your approval binds/);
  await badr.fill("#count", "3");
  await badr.click("form[action$='/approval'] button");
  assert.match(await text(badr), /not the number of governorates/);

  await badr.fill("#count", "٢");
  const asked = Date.now();
  await badr.click("form[action$='/approval'] button");
  await badr.waitForURL(url);
  await wait(badr, "Every operator on air within ten seconds");
  console.log(`approval to every operator on air, on the page: ${Date.now() - asked} ms`);
  assert.equal(await badr.locator(".lane.good").count(), 3);
  // The author's page was open all the time and heard it by itself.
  await wait(amal, "كل المشغلين على الهواء");
});

test("a wilayat, a stretch of sea and a named area are picked like a governorate", async () => {
  await badr.goto(`${hub.url}/new/exercise`);
  assert.equal(await badr.locator("details.places").count(), 3);
  assert.equal(await badr.locator("input[value=OM-DA-NZW]").isVisible(), false);
  await badr.fill("#areas", "nizw");
  await badr.locator("input[value=OM-DA-NZW]").check();
  await badr.fill("#areas", "بحر مسقط");
  await badr.locator("input[value=OM-MA-SEA]").check();
  await badr.fill("#areas", "wadi samail");
  await badr.click("form.fill button.button");
  const shown = await text(badr);
  for (const name of ["Nizwa", "Sea of Muscat", "Ad Dakhiliyah"]) assert.match(shown, new RegExp(name));
  assert.match(await badr.locator("h1").innerText(), /Wadi Samail/);
  for (const name of ["omantel", "ooredoo", "vodafone"]) {
    const cells = await badr.locator(".census tr", { hasText: name }).locator("td").first().innerText();
    assert.match(cells, /^[1-9]/, `${name}: ${cells}`);
  }
});

test("a submission is on an open board at once", async () => {
  await badr.goto(`${hub.url}/`);
  await badr.waitForTimeout(500);
  await badr.evaluate(() => {
    new MutationObserver(() => { globalThis.seen ??= Date.now(); })
      .observe(document.getElementById("waiting"), { childList: true, subtree: true });
  });
  await amal.goto(`${hub.url}/new/exercise`);
  await amal.locator("input[value=OM-MU]").check();
  await amal.click("form.fill button.button");
  await amal.click(".ask button");
  await amal.waitForURL(/\/warnings\/wrn_/);
  const answered = Date.now();
  await badr.waitForFunction(() => globalThis.seen);
  const lag = (await badr.evaluate(() => globalThis.seen)) - answered;
  console.log(`board after the author's page: ${lag} ms`);
});

test("own warning, stale hash, double click: words, and nothing changes", async () => {
  const { url } = await write(amal, { hazard: "exercise", areas: ["OM-BU"] });
  assert.equal(await amal.locator("form[action$='/approval']").count(), 0);
  const post = (page, fields) => page.evaluate(async ([action, body]) => {
    const answer = await fetch(action, { method: "POST", body: new URLSearchParams(body) });
    return { status: answer.status, words: await answer.text() };
  }, [`${url}/approval`, fields]);
  await badr.goto(url);
  const hash = await badr.locator("input[name=hash]").getAttribute("value");
  const token = await badr.locator("input[name=form]").first().getAttribute("value");
  await amal.goto(`${hub.url}/new/exercise`);
  const own = await amal.locator("input[name=form]").first().getAttribute("value");
  assert.notEqual(own, token);
  const refused = await post(amal, { form: own, hash, count: "1" });
  assert.equal(refused.status, 403);
  assert.match(refused.words, /لا يعتمده كاتبه/);
  const forged = await post(badr, { form: own, hash, count: "1" });
  assert.equal(forged.status, 403);
  assert.match(forged.words, /not of this session/);
  const stale = await post(badr, { form: token, hash: "0".repeat(64), count: "1" });
  assert.equal(stale.status, 409);
  assert.match(stale.words, /not what would be sent/);
  await badr.goto(url);
  assert.match(await text(badr, "#life"), /waiting/);
  await badr.fill("#count", "1");
  await badr.dblclick("form[action$='/approval'] button");
  await badr.waitForURL(url);
  await wait(badr, "Every operator on air within ten seconds");
  await badr.goto(`${hub.url}/operators/omantel`);
  const id = url.split("/").pop();
  assert.equal(await badr.locator(".delivery h2", { hasText: "trial message, Al Buraimi" }).count(), 1, id);
});

test("an update by two persons, a cancel by one, and neither twice", async () => {
  const { url } = await write(amal, { hazard: "wadi-flood", areas: ["OM-WU"] });
  await approve(badr, url, 1);
  await wait(badr, "Every operator on air within ten seconds");
  await amal.goto(url);
  await amal.click("a[href$='/update']");
  await amal.fill("#description1", "Water is falling. Stay away from wadis.");
  await amal.click("form.fill button.button");
  await amal.click(".ask button");
  await amal.waitForURL((next) => /wrn_/.test(next.pathname) && next.href !== url);
  const newer = amal.url();
  await approve(badr, newer, 1);
  await wait(badr, "Every operator on air within ten seconds");
  await badr.goto(url);
  assert.match(await text(badr, "#life"), /updated/);
  assert.equal(await badr.locator(".cancel, a[href$='/update']").count(), 0, "what is over has no buttons");
  assert.equal((await badr.goto(`${url}/update`)).status(), 200);
  await badr.click("form.fill button.button");
  assert.match(await text(badr, ".faults"), /Only a warning in force/);

  await badr.goto(newer);
  const kept = await badr.locator(".cancel input[name=form]").getAttribute("value");
  let clicks = 0;
  for (const selector of [".cancel summary", ".cancel button"]) { clicks += 1; await badr.click(selector); }
  await badr.waitForURL(newer);
  console.log(`cancel: ${clicks} clicks`);
  await wait(badr, "cancelled");
  await badr.locator("#life .lane.good", { hasText: "stopped" }).nth(2).waitFor();
  // The page has no button any more; a form kept from before is refused in words.
  const refused = await badr.evaluate(async ([action, form]) => {
    const answer = await fetch(action, { method: "POST", body: new URLSearchParams({ form }) });
    return { status: answer.status, words: await answer.text() };
  }, [`${newer}/cancellation`, kept]);
  assert.equal(refused.status, 409);
  assert.match(refused.words, /ended already/);
});

test("a draft is kept, found again, changed, handed in, and another thrown away", async () => {
  const keep = async (page, hazard) => {
    await page.goto(`${hub.url}/new/${hazard}`);
    await page.locator("input[value=OM-SJ]").check();
    await page.click("form.fill button.button");
    await page.click(".keep button");
    await page.waitForURL(`${hub.url}/#drafts`);
  };
  const drafts = (page) => page.locator("#drafts li");
  await badr.goto(`${hub.url}/`);
  await keep(amal, "wadi-flood");
  assert.equal(await drafts(amal).count(), 1);
  // Another author's open board hears of it, and says whose it is.
  await drafts(badr).first().waitFor();
  assert.match(await drafts(badr).first().innerText(), /Wadi.*Ash Sharqiyah South[^]*Amal/);
  await drafts(amal).locator("a").click();
  assert.ok(await amal.locator("input[value=OM-SJ]").isChecked());
  await amal.fill("#high", "80");
  // Meanwhile somebody else changes it: what is asked for on the older version is refused in words.
  await drafts(badr).locator("a").click();
  await badr.fill("#high", "90");
  await badr.click("form.fill button.quiet");
  await badr.waitForURL(`${hub.url}/#drafts`);
  await amal.click("form.fill button.quiet");
  assert.match(await text(amal), /غير شخص آخر المسودة/);
  await amal.goto(`${hub.url}/`);
  await drafts(amal).locator("a").click();
  assert.equal(await amal.locator("#high").inputValue(), "90");
  await amal.click("form.fill button.button");
  await amal.click(".ask button");
  await amal.waitForURL(/\/warnings\/wrn_/);
  await amal.goto(`${hub.url}/`);
  assert.equal(await drafts(amal).count(), 0, "what is handed in is no draft any more");
  await keep(amal, "exercise");
  await drafts(amal).locator("button").click();
  await amal.waitForURL(`${hub.url}/`);
  assert.equal(await drafts(amal).count(), 0);
});

test("what is open and typed stays while the page is refreshed", async () => {
  const { url } = await write(amal, { hazard: "exercise", areas: ["OM-BS"] });
  await badr.goto(url);
  await badr.fill("#count", "7");
  await badr.focus("#count");
  await badr.evaluate(() => { document.querySelector("details.cancel").open = true; document.getElementById("life").dataset.old = "1"; });
  const asked = badr.waitForResponse((answer) => answer.url() === url && answer.request().headers()["hx-request"] === "true");
  await write(amal, { hazard: "exercise", areas: ["OM-MU"] });
  await asked;
  assert.equal(await badr.inputValue("#count"), "7");
  assert.ok(await badr.evaluate(() => document.activeElement.id === "count" && document.querySelector("details.cancel").open));
  // On the board a link that has the focus keeps it when its list grows.
  await badr.goto(`${hub.url}/`);
  const path = new URL(url).pathname;
  await badr.focus(`#waiting a[href="${path}"]`);
  const before = await badr.locator("#waiting li").count();
  await write(amal, { hazard: "exercise", areas: ["OM-BU"] });
  await badr.locator("#waiting li").nth(before).waitFor();
  assert.equal(await badr.evaluate(() => document.activeElement.getAttribute("href")), path);
});

test("an open page offers what may be done once another has approved", async () => {
  const { url } = await write(amal, { hazard: "exercise", areas: ["OM-BU"] });
  assert.equal(await amal.locator("a[href$='/update']").count(), 0);
  assert.equal(await amal.locator(".approve").count(), 1);
  await approve(badr, url, 1);
  await amal.locator("a[href$='/update']").waitFor();
  assert.equal(await amal.locator(".approve").count(), 0, "nobody is asked for what was given");
  assert.equal(amal.url(), url);
});

test("phones by radio, modelled, after the lanes", async () => {
  const { url } = await write(amal, { hazard: "wadi-flood", areas: ["OM-DA"] });
  await approve(badr, url, 1);
  await wait(badr, "Every operator on air within ten seconds");
  const shown = (radio) => badr.locator("table.radios tr", { hasText: radio }).locator("td").first().innerText().then((n) => Number(n.replace(",", "")));
  // 5G is the sooner one: 4G is looked at once it shows more phones than there are on 5G.
  await badr.waitForFunction(() => Number(document.querySelector("table.radios td")?.innerText.replace(",", "")) > 500);
  assert.ok(await shown("4G") > await shown("5G"), "most phones are on 4G");
  assert.match(await text(badr, "#life"), /modelled[^]*omantel, ooredoo, vodafone/);
  await amal.goto(url);
  assert.match(await text(amal, "#life"), /محاكاة/);
});

test("a polygon over Dubai is refused in words, with its place", async () => {
  await amal.goto(`${hub.url}/new/wadi-flood`);
  await amal.locator("details:not(.places) summary").click();
  await amal.fill("#polygon", "25.1,55.1 25.3,55.1 25.3,55.4 25.1,55.4");
  await amal.click("form.fill button.button");
  assert.match(await text(amal, ".faults >> nth=0"), /خارج البلاد/);
  assert.match(await text(amal, ".faults >> nth=0"), /area\.no_region/);
});

test("markup in a headline is text", async () => {
  const template = readFileSync(new URL("../../cap-schemas/samples/good/exercise-sohar.xml", import.meta.url), "utf8");
  const at = (hours) => `${new Date(Date.now() + (hours + 4) * 3600e3).toISOString().slice(0, 19)}+04:00`;
  const cap = template
    .replaceAll("2026-11-24T10:00:00+04:00", at(0)).replaceAll("2026-11-24T10:30:00+04:00", at(1))
    .replace("EXERCISE: tsunami warning, Sohar", "EXERCISE: &lt;img src=x onerror=alert(1)&gt; &lt;b&gt;bold&lt;/b&gt;");
  await amal.goto(`${hub.url}/new/cap`);
  await amal.fill("#cap", cap);
  await amal.click("form.fill button.button");
  await amal.click(".ask button");
  await amal.waitForURL(/\/warnings\/wrn_/);
  await badr.goto(amal.url());
  assert.equal(await badr.locator("h1").innerText(), "EXERCISE: <img src=x onerror=alert(1)> <b>bold</b>");
  assert.equal(await badr.locator("main img, main b").count(), 0);
});

test("by keyboard alone", async () => {
  await amal.goto(`${hub.url}/`);
  await amal.keyboard.press("n");
  await amal.waitForURL(`${hub.url}/new`);
  await tabTo(amal, "a[href='/new/tropical-cyclone']");
  await amal.keyboard.press("Enter");
  await amal.waitForURL(/tropical-cyclone/);
  await tabTo(amal, "#areas");
  await amal.keyboard.type("OM-ZU");
  await tabTo(amal, "form.fill button.button");
  await amal.keyboard.press("Enter");
  await amal.locator(".ask").waitFor();
  await tabTo(amal, ".ask button");
  await amal.keyboard.press("Enter");
  await amal.waitForURL(/\/warnings\/wrn_/);
  await badr.goto(amal.url());
  await tabTo(badr, "#count");
  await badr.keyboard.type("1");
  await badr.keyboard.press("Enter");
  await wait(badr, "Every operator on air within ten seconds");
});

test("with JavaScript off", async () => {
  const quiet = await browser.newContext({ javaScriptEnabled: false, locale: "en-GB", storageState: await amal.context().storageState() });
  const page = await quiet.newPage();
  await page.goto(`${hub.url}/new/wadi-flood?lang=en`);
  await page.fill("#areas", "bahla");
  await page.locator("details.places summary", { hasText: "Wilayat" }).click();
  await page.locator("input[value=OM-DA-NZW]").check();
  await page.click("form.fill button.button");
  assert.match(await text(page), /Bahla, Nizwa/);
  await page.click(".ask button");
  await page.waitForURL(/\/warnings\/wrn_/);
  const second = await browser.newContext({ javaScriptEnabled: false, locale: "en-GB", storageState: await badr.context().storageState() });
  const other = await second.newPage();
  await approve(other, page.url(), 1);
  // The page asks for itself again, by the browser's own means.
  await wait(other, "Every operator on air within ten seconds");
  await quiet.close();
  await second.close();
});

test("an operator sees its own and nothing else", async () => {
  const oda = await person(browser);
  await signIn(oda, hub.operator);
  assert.equal(new URL(oda.url()).pathname, "/operators/omantel");
  assert.match(await text(oda), /identifier 4370/);
  assert.equal((await oda.goto(`${hub.url}/operators/ooredoo`)).status(), 403);
  assert.equal((await oda.goto(`${hub.url}/new`)).status(), 403);
  const rim = await person(browser);
  await signIn(rim, hub.regulator);
  assert.equal(await rim.locator("a[href='/new']").count(), 0);
  assert.equal((await rim.goto(`${hub.url}/drill`)).status(), 200);
  await amal.goto(`${hub.url}/new/exercise`);
  await amal.click("form.fill button.quiet");
  const draft = await amal.locator("#drafts a").evaluate((a) => a.href);
  await rim.goto(`${hub.url}/`);
  assert.equal(await rim.locator("#drafts li").count(), 0, "drafts are the desk's");
  assert.equal((await rim.goto(draft)).status(), 403);
  await oda.context().close();
  await rim.context().close();
});

test("no page broke its policy", () => {
  assert.deepEqual([...amal.complaints, ...badr.complaints], []);
});

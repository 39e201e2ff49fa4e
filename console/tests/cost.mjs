// What a warning costs, told while its form is filled in: by the keyboard, in both languages, under the page's own policy.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, person, signIn } from "./browser.mjs";
import { demo } from "./demo.mjs";

let hub, browser, amal;

before(async () => {
  [hub, browser] = await Promise.all([demo(), open()]);
  amal = await person(browser);
  await signIn(amal, hub.author);
});
after(async () => { await browser?.close(); await hub?.stop(); });

const told = () => amal.locator("#cost-told dl.budget");
const seconds = async () => {
  const texts = await told().locator("dd:nth-of-type(4)").allTextContents();
  return texts.map(Number.parseFloat);
};

test("units, pages and seconds follow the slots, and late Arabic is said", async () => {
  for (const [lang, waits, late] of [["en", "missing", "more than ten seconds"], ["ar", "ما يلي", "أكثر من عشر ثوان"]]) {
    await amal.goto(`${hub.url}/new/wadi-flood?lang=${lang}`);
    await amal.locator("#cost-told").getByText(waits).waitFor();
    assert.equal(await told().count(), 0, "nothing can be counted without an area");
    await amal.locator("input[value=OM-DA]").check();
    await told().first().waitFor();
    const fits = await seconds();
    await amal.locator("#cost-told").getByText(late).waitFor();
    await amal.selectOption("#layout", "each");
    await amal.waitForFunction(() => document.querySelectorAll("#cost-told dl.budget").length === 4);
    const each = await seconds();
    assert.ok(each[0] < fits[0], `Arabic alone is readable sooner: ${each} and ${fits}`);
    await amal.fill("#low", "90");
    await amal.fill("#high", "8");
    await amal.waitForFunction(() => document.querySelectorAll("#cost-told dl.budget").length === 0);
  }
  assert.deepEqual(amal.complaints, []);
});

test("what is told while typing is what the preview says", async () => {
  await amal.goto(`${hub.url}/new/wadi-flood?lang=en`);
  await amal.locator("input[value=OM-DA]").check();
  await amal.selectOption("#layout", "pairs");
  await amal.waitForFunction(() => document.querySelectorAll("#cost-told dl.budget").length === 2);
  const before = await told().allInnerTexts();
  await amal.click("form.fill button.button");
  await amal.locator(".phones dl.budget").first().waitFor();
  assert.deepEqual(await amal.locator(".phones dl.budget").allInnerTexts(), before);
});

// A headless Chromium: the one of the system. Each context is a person of their own.
import { chromium } from "playwright-core";

export const open = () => chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});

export async function person(browser, { locale = "en-GB", ...options } = {}) {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) page.complaints.push(message.text());
  });
  return page;
}

export async function signIn(page, link) {
  await page.goto(link);
  await page.waitForURL((url) => !url.pathname.startsWith("/sign-in"));
}

/** Tab until what has the focus fits; the keyboard alone. */
export async function tabTo(page, selector) {
  for (let i = 0; i < 80; i += 1) {
    if (await page.evaluate((s) => document.activeElement?.matches(s) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`the keyboard does not reach ${selector} on ${page.url()}`);
}

// The libraries in console/static are the files of their packages, octet by octet: nobody has changed them by hand.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const vendored = {
  "htmx.min.js": "htmx.org/dist/htmx.min.js",
  "sse.min.js": "htmx-ext-sse/dist/sse.min.js",
  "idiomorph-ext.min.js": "idiomorph/dist/idiomorph-ext.min.js",
};

for (const [copy, original] of Object.entries(vendored)) {
  test(`${copy} is ${original}`, () => {
    const [ours, theirs] = [`../static/${copy}`, `../node_modules/${original}`].map((path) => readFileSync(new URL(path, import.meta.url)));
    assert.ok(ours.equals(theirs), `copy it again: cp console/node_modules/${original} console/static/${copy}`);
  });
}

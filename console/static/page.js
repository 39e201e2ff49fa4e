// What htmx does not do: clocks run, another state brings another page, N begins a warning, names filter a list, a file fills
// the text, and a lost hub is told.
// Every page works without this file.
"use strict";

const clocks = document.querySelectorAll("[data-clock]");
if (clocks.length) {
  const began = Number(document.documentElement.dataset.now);
  const zero = performance.now();
  const tick = () => {
    const now = new Date(began + performance.now() - zero);
    for (const clock of clocks) {
      clock.textContent = new Date(now.getTime() + Number(clock.dataset.clock) * 3600e3).toISOString().slice(11, 19);
    }
  };
  setInterval(tick, 1000);
}

const lamp = document.getElementById("link");
document.addEventListener("htmx:sseOpen", () => lamp?.setAttribute("hidden", ""));
document.addEventListener("htmx:sseError", () => lamp?.removeAttribute("hidden"));

// Approved, ended: what may be done about a warning is another thing then, so its page is asked for as a whole. By its
// address: the page may be the answer to a form, which is not to be sent again.
const life = document.querySelector("#life[data-state]");
if (life) {
  const was = life.dataset.state;
  const whole = life.closest("[hx-get]")?.getAttribute("hx-get");
  const look = () => { if (whole && life.dataset.state !== was) location.replace(whole); };
  new MutationObserver(look).observe(life, { attributeFilter: ["data-state"] });
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.code === "KeyN" && document.querySelector("[data-key=n]");
  if (target) target.click();
});

const search = document.querySelector("[data-filter]");
search?.addEventListener("input", () => {
  const wanted = search.value.trim().toLowerCase().split(/[,،]/).pop().trim();
  for (const row of document.querySelectorAll("[data-name]")) {
    row.hidden = wanted !== "" && !row.dataset.name.toLowerCase().includes(wanted);
  }
  for (const list of document.querySelectorAll("details.places")) {
    const fits = list.querySelector("[data-name]:not([hidden])") !== null;
    list.hidden = !fits;
    list.open = fits && (wanted !== "" || list.querySelector(":checked") !== null);
  }
});

const file = document.querySelector("[data-file]");
if (file) {
  file.closest("[hidden]")?.removeAttribute("hidden");
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (chosen) document.getElementById("cap").value = await chosen.text();
  });
}

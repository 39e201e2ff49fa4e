// What is live on a page asks for itself again when the hub says that something changed; clocks run; N begins a warning.
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

if (document.querySelector("[data-live]") && "EventSource" in window) {
  const self = document.getElementById("main").dataset.self;
  let busy = false;
  let again = false;
  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      do {
        again = false;
        const answer = await fetch(self, { headers: { accept: "text/html" } });
        if (!answer.ok || answer.redirected) break;
        const next = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const part of document.querySelectorAll("[data-live]")) {
          const fresh = next.getElementById(part.id);
          if (!fresh || fresh.innerHTML === part.innerHTML) continue;
          const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
          part.replaceChildren(...fresh.childNodes);
          if (focused) part.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
        }
      } while (again);
    } catch { /* the next event asks again */ } finally { busy = false; }
  };
  const source = new EventSource("/events");
  source.addEventListener("change", refresh);
  source.addEventListener("tick", () => { if (document.querySelector("[data-settling]")) refresh(); });
  const lamp = document.getElementById("link");
  source.addEventListener("open", () => lamp?.setAttribute("hidden", ""));
  source.addEventListener("error", () => lamp?.removeAttribute("hidden"));
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
});

const file = document.querySelector("[data-file]");
if (file) {
  file.closest("[hidden]")?.removeAttribute("hidden");
  file.addEventListener("change", async () => {
    const [chosen] = file.files;
    if (chosen) document.getElementById("cap").value = await chosen.text();
  });
}

// What a person has typed and not yet saved stays in this browser, and is offered again; saved or old drafts are cleared.
"use strict";
(function () {
  const PREFIX = "soildesk.draft.";
  const KEPT_DAYS = 7;
  const form = document.querySelector("form[data-draft]");

  function read(name) {
    try { return JSON.parse(localStorage.getItem(name) || "null"); } catch { return null; }
  }

  function forget(name) {
    try { localStorage.removeItem(PREFIX + name); } catch { /* a browser without storage keeps no drafts */ }
  }

  function clearOld() {
    const oldest = Date.now() - KEPT_DAYS * 86400000;
    try {
      Object.keys(localStorage).filter((name) => name.startsWith(PREFIX)).forEach((name) => {
        const draft = read(name);
        if (!draft || draft.at < oldest) localStorage.removeItem(name);
      });
    } catch { /* as above */ }
  }

  function boxes() {
    return Array.from(form.elements).filter((box) => box.name && box.type !== "hidden" && box.type !== "submit" && box.type !== "file");
  }

  function said() {
    const values = {};
    boxes().forEach((box) => {
      if (box.type === "radio") { if (box.checked) values[box.name] = box.value; return; }
      values[box.name] = box.type === "checkbox" ? box.checked : box.value;
    });
    return values;
  }

  function keep() {
    const draft = { at: Date.now(), stamp: form.dataset.stamp || "", values: said() };
    try { localStorage.setItem(PREFIX + form.dataset.draft, JSON.stringify(draft)); } catch { /* as above */ }
  }

  function fill(values) {
    boxes().forEach((box) => {
      if (!(box.name in values)) return;
      if (box.type === "radio") box.checked = box.value === values[box.name];
      else if (box.type === "checkbox") box.checked = values[box.name];
      else box.value = values[box.name];
      box.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  function offer(draft) {
    const bar = document.querySelector("[data-draft-bar]");
    if (!bar) return;
    bar.querySelector("[data-draft-at]").textContent = new Date(draft.at).toLocaleString(document.documentElement.lang);
    bar.querySelector("[data-draft-stale]").hidden = (form.dataset.stamp || "") === draft.stamp;
    bar.hidden = false;
    bar.querySelector("[data-draft-use]").addEventListener("click", () => { fill(draft.values); bar.hidden = true; });
    bar.querySelector("[data-draft-drop]").addEventListener("click", () => { forget(form.dataset.draft); bar.hidden = true; });
  }

  document.querySelectorAll("[data-draft-saved]").forEach((each) => forget(each.dataset.draftSaved));
  clearOld();
  if (!form) return;
  const draft = read(PREFIX + form.dataset.draft);
  const unchanged = draft && JSON.stringify(draft.values) === JSON.stringify(said());
  if (draft && !unchanged && !("answered" in form.dataset)) offer(draft);
  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 400); });
  form.addEventListener("submit", keep);
})();

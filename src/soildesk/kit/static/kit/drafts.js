// What a person has typed and not yet saved stays in this browser, and is offered again; saved or old drafts are cleared.
// Hidden boxes and files are kept where they carry data-kept; a file that could not be kept is told by the event draft-lost.
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
    clearFiles();
  }

  // Files stand in IndexedDB under "draft|box"; they go with their draft.
  function shelf(mode) {
    return new Promise((resolve, reject) => {
      const opening = indexedDB.open("soildesk.drafts", 1);
      opening.onupgradeneeded = () => opening.result.createObjectStore("files");
      opening.onsuccess = () => resolve(opening.result.transaction("files", mode).objectStore("files"));
      opening.onerror = () => reject(opening.error);
    });
  }

  function told(request) {
    return new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  async function clearFiles() {
    try {
      const files = await shelf("readwrite");
      const keys = await told(files.getAllKeys());
      keys.filter((key) => !localStorage.getItem(PREFIX + key.split("|")[0])).forEach((key) => files.delete(key));
    } catch { /* a browser without storage keeps no files */ }
  }

  async function keepFiles(box) {
    keep();
    try {
      const files = await shelf("readwrite");
      await told(files.put(Array.from(box.files), form.dataset.draft + "|" + box.name));
    } catch { /* said when the draft is used */ }
  }

  async function fillFiles(draft) {
    for (const [name, names] of Object.entries(draft.files || {})) {
      const box = form.elements[name];
      let kept = [];
      try { kept = await told((await shelf("readonly")).get(draft.name + "|" + name)) || []; } catch { /* as above */ }
      if (!box) continue;
      if (kept.length !== names.length) { box.dispatchEvent(new CustomEvent("draft-lost", { bubbles: true, detail: names })); continue; }
      const held = new DataTransfer();
      kept.forEach((file) => held.items.add(file));
      box.files = held.files;
      box.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }

  function fileBoxes() {
    return Array.from(form.elements).filter((box) => box.type === "file" && "kept" in box.dataset);
  }

  function chosen() {
    const taken = fileBoxes().filter((box) => box.files.length);
    return Object.fromEntries(taken.map((box) => [box.name, Array.from(box.files).map((file) => file.name)]));
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
    const typed = (box) => box.type !== "hidden" || "kept" in box.dataset;
    return Array.from(form.elements).filter((box) => box.name && typed(box) && box.type !== "submit" && box.type !== "file");
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
    const draft = { at: Date.now(), stamp: form.dataset.stamp || "", values: said(), files: chosen(), name: form.dataset.draft };
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
    bar.querySelector("[data-draft-use]").addEventListener("click", () => {
      fill(draft.values);
      fillFiles(draft);
      bar.hidden = true;
      form.dispatchEvent(new CustomEvent("draft-used", { detail: draft }));
    });
    bar.querySelector("[data-draft-drop]").addEventListener("click", () => { forget(form.dataset.draft); bar.hidden = true; });
  }

  document.querySelectorAll("[data-draft-saved]").forEach((each) => forget(each.dataset.draftSaved));
  clearOld();
  clearFiles();
  if (!form) return;
  const draft = read(PREFIX + form.dataset.draft);
  const unchanged = draft && JSON.stringify(draft.values) === JSON.stringify(said()) && !Object.keys(draft.files || {}).length;
  if (draft && "answered" in form.dataset) fillFiles(draft);
  else if (draft && !unchanged) offer(draft);
  let waiting = 0;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(keep, 400); });
  fileBoxes().forEach((box) => box.addEventListener("change", () => keepFiles(box)));
  form.addEventListener("submit", keep);
})();

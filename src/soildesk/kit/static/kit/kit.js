// The few things pages cannot do without a script: keys, dialogs, menus, choosing rows, dropping files.
"use strict";
(function () {
  document.documentElement.classList.add("has-js");
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
  let going = 0;

  function openDialog(id) {
    const dialog = document.getElementById(id);
    if (dialog && !dialog.open) dialog.showModal();
  }

  function closeMenus(except) {
    all("details.menu[open]").forEach((menu) => { if (menu !== except) menu.open = false; });
  }

  function rows() { return all(".register tbody tr"); }

  function moveRow(step) {
    const lines = rows();
    if (!lines.length) return;
    const now = lines.findIndex((line) => line.classList.contains("is-at"));
    const next = Math.min(lines.length - 1, Math.max(0, now + step));
    lines.forEach((line, index) => line.classList.toggle("is-at", index === next));
    lines[next].scrollIntoView({ block: "nearest" });
  }

  function rowHere() { return document.querySelector(".register tbody tr.is-at"); }

  const keys = {
    "/": () => { const box = document.querySelector("[data-key='/']") || document.querySelector(".list-search input"); if (box) { box.focus(); box.select(); } },
    "?": () => openDialog("help"),
    g: () => { going = Date.now(); },
    j: () => moveRow(1),
    k: () => moveRow(-1),
    Enter: () => { const link = rowHere() && rowHere().querySelector("a[href]"); if (link) link.click(); },
    m: () => { const link = document.querySelector("a[data-key='m']"); if (link) link.click(); },
    x: () => { const box = rowHere() && rowHere().querySelector(".choose input"); if (box) box.click(); },
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus();
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (document.querySelector("dialog[open]")) return;
    if (event.key === "Enter" && event.target.closest("a, button, summary")) return;
    if (going && Date.now() - going < 1500) {
      going = 0;
      const link = all("[data-go]").find((each) => each.dataset.go === event.key);
      if (link) { event.preventDefault(); link.click(); return; }
    }
    const act = keys[event.key];
    if (act && (event.key !== "Enter" || rowHere())) { event.preventDefault(); act(); }
  });

  document.addEventListener("click", (event) => {
    const target = event.target;
    closeMenus(target.closest("details.menu"));
    const opener = target.closest("[data-open]");
    if (opener) { closeMenus(); openDialog(opener.dataset.open); }
    if (target.closest("[data-close]")) target.closest("dialog").close();
    if (target.closest("[data-print]")) { closeMenus(); window.print(); }
    if (target.closest("[data-stopped]")) event.preventDefault();
    const nav = target.closest("[data-toggle-nav]");
    if (nav) nav.setAttribute("aria-expanded", String(document.getElementById("nav").classList.toggle("is-open")));
    const pane = target.closest("[data-pane]");
    if (pane) showPane(pane);
  });

  function showPane(button) {
    const split = document.getElementById(button.dataset.split);
    all("section[id]", split).forEach((section) => section.classList.toggle("is-hidden", section.id !== button.dataset.pane));
    all("[data-pane]", button.parentElement).forEach((each) => each.setAttribute("aria-selected", String(each === button)));
  }

  function countChosen() {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const boxes = all(".register .choose input[name='key']");
    const chosen = boxes.filter((box) => box.checked);
    boxes.forEach((box) => box.closest("tr").classList.toggle("is-chosen", box.checked));
    bar.querySelector("output").textContent = String(chosen.length);
    bar.classList.toggle("is-on", chosen.length > 0);
  }

  document.addEventListener("change", (event) => {
    const target = event.target;
    if (target.matches("[data-choose-all]")) all(".register .choose input[name='key']").forEach((box) => { box.checked = target.checked; });
    if (target.closest(".choose")) countChosen();
    if (target.matches("[data-drop] input[type='file']")) namePicked(target);
  });

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-narrow]")) return;
    const wanted = event.target.value.trim();
    all(".option", event.target.parentElement).forEach((option) => option.classList.toggle("d-none", !option.textContent.includes(wanted)));
  });

  // A confirmation is a native dialog made from the sentence the act carries.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const asking = (event.submitter && event.submitter.dataset.confirm) || form.dataset.confirm;
    if (!asking || form.dataset.confirmed) { delete form.dataset.confirmed; return; }
    event.preventDefault();
    confirmFirst(asking, () => { form.dataset.confirmed = "1"; form.requestSubmit(event.submitter || undefined); });
  });

  // What is sent once is not sent again by a double click; a page that stays (a file came back) can send again a moment later.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => { delete form.dataset.sent; }, 2000);
  });

  function confirmFirst(sentence, go) {
    const dialog = document.getElementById("confirm");
    dialog.querySelector("[data-sentence]").textContent = sentence;
    dialog.returnValue = "";
    dialog.addEventListener("close", () => { if (dialog.returnValue === "yes") go(); }, { once: true });
    dialog.showModal();
  }

  function namePicked(input) {
    const told = input.closest("[data-drop]").querySelector("[data-picked]");
    if (told) told.textContent = Array.from(input.files).map((file) => file.name).join("、");
  }

  ["dragover", "dragleave", "drop"].forEach((kind) => document.addEventListener(kind, (event) => {
    const box = event.target.closest && event.target.closest("[data-drop]");
    if (!box) return;
    event.preventDefault();
    box.classList.toggle("is-over", kind === "dragover");
    const input = box.querySelector("input[type='file']");
    if (kind === "drop" && event.dataTransfer.files.length) { input.files = event.dataTransfer.files; namePicked(input); }
  }));

  // Hovering a field lights the characters it came from, and the other way round.
  ["mouseover", "focusin"].forEach((kind) => document.addEventListener(kind, (event) => {
    const source = event.target.closest && event.target.closest("[data-span]");
    all(".is-on[data-span]").forEach((each) => each.classList.remove("is-on"));
    if (!source) return;
    const names = source.dataset.span.split(" ");
    all("[data-span]").filter((each) => each.dataset.span.split(" ").some((name) => names.includes(name)))
      .forEach((each) => { each.classList.add("is-on"); });
  }));

  document.addEventListener("htmx:afterSwap", countChosen);
  // Empty fields say nothing in the address.
  document.addEventListener("htmx:configRequest", (event) => {
    const given = event.detail.formData;
    if (event.detail.verb === "get") Array.from(given.keys()).forEach((name) => {
      const values = given.getAll(name).filter((value) => value !== "");
      given.delete(name);
      values.forEach((value) => given.append(name, value));
    });
  });
  // Another day keeps the filters of the page.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-keep]")) return;
    new URLSearchParams(location.search).forEach((value, name) => {
      if (name === "page" || form.elements.namedItem(name)) return;
      const kept = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      form.append(kept);
    });
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest("[data-filters]");
    if (form && event.target.matches("input[type='search']:not([data-narrow]), .list-text")) form.requestSubmit();
  });
  document.addEventListener("htmx:responseError", (event) => {
    const box = document.getElementById("notices");
    if (!box) return;
    const line = document.createElement("p");
    line.className = "notice notice-error";
    line.setAttribute("role", "alert");
    line.textContent = document.body.dataset.failed + "（" + event.detail.xhr.status + "）";
    box.replaceChildren(line);
  });
})();

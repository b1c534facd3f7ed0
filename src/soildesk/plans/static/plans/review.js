// The review screen: a field lights the characters it came from, and the characters their fields.
"use strict";
(function () {
  const review = document.querySelector("[data-review]");
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const narrow = () => window.matchMedia("(max-width: 820px)").matches;

  // A refused act answers 422 with the same part of the page and the sentence in it.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.xhr.status === 422) { event.detail.shouldSwap = true; event.detail.isError = false; }
  });

  const intake = document.getElementById("intake");
  if (intake) {
    const read = () => { if (intake.querySelector("input[type='file']").files.length) intake.requestSubmit(); };
    intake.addEventListener("change", (event) => { if (event.target.matches("input[type='file']")) read(); });
    document.addEventListener("drop", (event) => { if (event.target.closest && event.target.closest("[data-drop]")) read(); });
  }
  if (!review) return;

  const paper = document.getElementById("paper");
  const ledger = document.getElementById("ledger");
  const keysOf = (element) => (element.dataset.k || "").split(" ").filter(Boolean);
  const index = new Map();
  all("mark[data-k]", paper).forEach((mark) => keysOf(mark).forEach((key) => {
    if (!index.has(key)) index.set(key, []);
    index.get(key).push(mark);
  }));
  let lit = [];

  function light(elements) {
    lit.forEach((each) => each.classList.remove("is-on"));
    lit = elements;
    lit.forEach((each) => each.classList.add("is-on"));
  }

  // A field may stand in several pieces; of the fields on a piece, the one with the fewest is meant.
  const sameField = (mark) => keysOf(mark).map((key) => index.get(key)).sort((a, b) => a.length - b.length)[0] || [];
  const marksOf = (field) => keysOf(field).flatMap((key) => index.get(key) || []);

  function fieldsOf(mark) {
    const keys = new Set(keysOf(mark));
    return all("[data-k]", ledger).filter((field) => keysOf(field).some((key) => keys.has(key)));
  }

  function lightFor(target) {
    const element = target.closest && target.closest("[data-k]");
    if (!element) { light([]); return; }
    const others = paper.contains(element) ? [...sameField(element), ...fieldsOf(element)] : marksOf(element);
    light([element, ...others]);
  }

  // Who stays on a field sees its other side too: the opposite pane follows, the own one never moves.
  const DWELL = 180, HEAD = 96;
  let waiting = 0;

  let latest = null;

  // Cards out of sight are laid out late and their heights only guessed until then: look again after moving.
  function follow(element, pane, tries = 3) {
    latest = element;
    if (narrow() || !element) return;
    const top = element.getBoundingClientRect().top - pane.getBoundingClientRect().top;
    if (top > HEAD && top < pane.clientHeight - 40) return;
    const near = Math.abs(top) < pane.clientHeight * 2 && !calm();
    pane.scrollTo({ top: pane.scrollTop + top - pane.clientHeight / 3, behavior: near ? "smooth" : "instant" });
    if (tries > 1) setTimeout(() => { if (latest === element) follow(element, pane, tries - 1); }, near ? 450 : 60);
  }

  function followFrom(target) {
    const element = target.closest && target.closest("[data-k]");
    if (!element) return;
    if (paper.contains(element)) follow(nearest(fieldsOf(element)), ledger);
    else follow(marksOf(element)[0], paper);
  }

  review.addEventListener("mouseover", (event) => {
    lightFor(event.target);
    clearTimeout(waiting);
    waiting = setTimeout(() => followFrom(event.target), DWELL);
  });
  review.addEventListener("focusin", (event) => { lightFor(event.target); if (ledger.contains(event.target)) followFrom(event.target); });
  review.addEventListener("mouseleave", () => { clearTimeout(waiting); light([]); });

  function show(pane) {
    if (!narrow()) return;
    const tab = document.querySelector("[data-pane='" + pane.id + "']");
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
  }

  function bring(element, pane) {
    clearTimeout(waiting);
    show(pane);
    if (narrow()) element.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
    else follow(element, pane);
  }

  // The most telling field of a mark: a chip before the card around it.
  const nearest = (fields) => fields.find((field) => !field.matches("[data-task], tr")) || fields[0];

  review.addEventListener("click", (event) => {
    const asks = event.target.closest("[data-get], [data-post]");
    if (asks) { ask(asks); return; }
    const more = event.target.closest("[data-more]");
    if (more) { expand(more); return; }
    if (event.target.closest("form, a, summary, button[type=submit]")) return;
    const element = event.target.closest("[data-k]");
    if (!element || window.getSelection().toString()) return;
    if (paper.contains(element)) {
      const field = nearest(fieldsOf(element));
      if (field) { openAround(field); bring(field, ledger); }
    } else if (element.matches(".fld, .unit, .term, .task-text, tr") || event.target.closest(".task-text")) {
      const marks = marksOf(element);
      if (marks.length) bring(marks[0], paper);
    }
  });

  // The buttons of three hundred cards are one listener, not two thousand: the card is asked for and put in its place.
  function ask(button) {
    const card = button.closest("[data-task]");
    const verb = button.dataset.post ? "POST" : "GET";
    button.disabled = true;
    window.htmx.ajax(verb, card.dataset.url + (button.dataset.post || button.dataset.get) + "/", { source: card, target: card, swap: "outerHTML" })
      .finally(() => { button.disabled = false; });
  }

  function openAround(field) { const part = field.closest("details"); if (part) part.open = true; }

  function expand(button) {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", String(open));
    button.closest("[data-task]").classList.toggle("is-long", open);
  }

  // The Tab key stops once per line of chips, arrows move inside; the document is walked with arrows too.
  const GROUPS = ".row-body";
  const marks = all("mark[data-k]", paper);
  let at = -1;

  function walkPaper(step) {
    at = Math.min(marks.length - 1, Math.max(0, at + step));
    lightFor(marks[at]);
    marks[at].scrollIntoView({ block: "nearest" });
  }

  const tasks = () => all("[data-task]", ledger);
  const taskHere = () => document.activeElement && document.activeElement.closest("[data-task]");

  function moveTask(step) {
    const cards = tasks();
    const now = cards.indexOf(taskHere());
    const next = cards[Math.min(cards.length - 1, Math.max(0, now + step))];
    if (!next) return;
    show(ledger);
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function press(act) {
    const card = taskHere();
    const button = card && card.querySelector(act);
    if (button) button.click();
  }

  const keys = { j: () => moveTask(1), k: () => moveTask(-1), a: () => press("[data-post=accept]"), e: () => press("[data-get=correct]") };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const typing = event.target.closest("input, textarea, select");
    if (event.key === "Escape") { const cancel = taskHere() && taskHere().querySelector("[data-cancel]"); if (cancel) cancel.click(); return; }
    if (typing || document.querySelector("dialog[open]")) return;
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); return; }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    if (event.target === paper) { event.preventDefault(); walkPaper(step); return; }
    const group = event.target.closest(GROUPS);
    const chips = group ? all(".unit, .term", group) : [];
    const next = chips[chips.indexOf(event.target) + step];
    if (next) { event.preventDefault(); next.focus(); }
  });

  // Forms inside a card.
  ledger.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add-unit]");
    const remove = event.target.closest("[data-remove-unit]");
    if (add) {
      const rows = all(".unit-row", add.closest("fieldset"));
      const row = rows[rows.length - 1].cloneNode(true);
      row.querySelector("input").value = "";
      add.before(row);
      row.querySelector("input").focus();
    }
    if (remove) {
      const rows = all(".unit-row", remove.closest("fieldset"));
      const row = remove.closest(".unit-row");
      if (rows.length > 1) row.remove(); else row.querySelector("input").value = "";
    }
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    const card = document.getElementById(event.detail.elt.id);
    if (!card || !card.matches("[data-task]")) return;
    const first = card.querySelector("[autofocus], .inline-form input, .inline-form textarea");
    (first || card).focus({ preventScroll: true });
    const form = card.querySelector(".inline-form");
    if (form) uncover(form);
  });

  // An opened form is scrolled up as far as needed, its first field never under the bar.
  function uncover(form) {
    if (narrow()) { form.scrollIntoView({ block: "nearest" }); return; }
    const box = form.getBoundingClientRect();
    const pane = ledger.getBoundingClientRect();
    const below = box.bottom + 60 - Math.min(pane.bottom, window.innerHeight);
    if (below > 0) ledger.scrollTop += Math.min(below, box.top - pane.top - HEAD);
  }

  // Coming back to the page comes back to the task and the lines one was at.
  const place = "review:" + window.location.pathname;
  window.addEventListener("pagehide", () => {
    const top = ledger.getBoundingClientRect().top + HEAD;
    const card = tasks().find((each) => each.getBoundingClientRect().bottom > top);
    sessionStorage.setItem(place, JSON.stringify([paper.scrollTop, ledger.scrollTop > HEAD && card ? card.id : ""]));
  });

  function comeBack(card, tries) {
    ledger.scrollTop += card.getBoundingClientRect().top - ledger.getBoundingClientRect().top - HEAD;
    if (tries > 1) requestAnimationFrame(() => comeBack(card, tries - 1));
  }

  const [line, id] = JSON.parse(sessionStorage.getItem(place) || "[0, \"\"]");
  const named = window.location.hash && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
  if (named) {
    openAround(named);
    named.scrollIntoView({ block: "start", behavior: "instant" });
    if (named.matches("[data-task]")) named.focus({ preventScroll: true });
  } else {
    paper.scrollTop = line;
    const card = id && document.getElementById(id);
    if (card && !narrow()) comeBack(card, 3);
  }
})();

// The form shows only the choices a standard asks for; a row opens its reason; what was pasted is counted.
"use strict";
(function () {
  const all = (selector, root) => Array.from((root || document).querySelectorAll(selector));

  function showAsked(box) {
    const chosen = box.querySelector("select[name='standard']").value || "auto";
    all("[data-asked-by]", box).forEach((each) => { each.hidden = !each.dataset.askedBy.split(" ").includes(chosen); });
  }

  function countPasted(area) {
    const told = area.parentElement.querySelector("[data-pasted]");
    const lines = area.value.split("\n").filter((line) => line.trim());
    const columns = Math.max(0, ...lines.slice(0, 20).map((line) => line.split("\t").length));
    told.textContent = lines.length ? told.dataset.said.replace("{rows}", lines.length).replace("{columns}", columns) : "";
  }

  document.addEventListener("change", (event) => {
    const box = event.target.closest("[data-choices]");
    if (box && event.target.name === "standard") showAsked(box);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches(".paste textarea")) countPasted(event.target);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-why]");
    if (!button) return;
    const open = document.getElementById(button.getAttribute("aria-controls")).classList.toggle("is-open");
    button.setAttribute("aria-expanded", String(open));
  });
  document.addEventListener("submit", (event) => {
    const button = event.target.matches("[data-judge]") && event.target.querySelector("[data-busy]");
    if (!button) return;
    button.lastChild.textContent = button.dataset.busy;
    setTimeout(() => { button.disabled = true; }, 0);
  });
  window.addEventListener("pageshow", () => all("[data-busy]").forEach((button) => { button.disabled = false; }));
  all("[data-choices]").forEach(showAsked);
  all(".paste textarea").forEach(countPasted);
})();

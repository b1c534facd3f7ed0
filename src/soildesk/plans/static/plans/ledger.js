// The entry row under a task: close it; the choice of a department goes at once.
"use strict";
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-close-row]");
  if (button) button.closest("tr").remove();
});
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-go-on-change]")) event.target.form.requestSubmit();
});
// A second click on the same task's button replaces the open entry instead of stacking another.
document.addEventListener("htmx:beforeSwap", (event) => {
  const next = event.detail.target.nextElementSibling;
  if (event.detail.target.matches("tr:not(.entry-row)") && next && next.matches(".entry-row")) next.remove();
});

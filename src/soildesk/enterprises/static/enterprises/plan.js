// A click on the drawing of a plant fills the boxes of the place; the boxes alone do as well.
"use strict";
(function () {
  const plan = document.querySelector("[data-plan]");
  const boxes = { x: document.querySelector("[data-plan-x]"), y: document.querySelector("[data-plan-y]") };
  if (!plan || !boxes.x) return;
  const aim = plan.querySelector("[data-aim]");

  function show() {
    const x = parseFloat(boxes.x.value), y = parseFloat(boxes.y.value);
    const known = Number.isFinite(x) && Number.isFinite(y);
    aim.toggleAttribute("hidden", !known);
    if (!known) return;
    aim.setAttribute("cx", (x / 100) * plan.dataset.width);
    aim.setAttribute("cy", (y / 100) * plan.dataset.height);
  }

  plan.addEventListener("click", (event) => {
    const edge = plan.getBoundingClientRect();
    boxes.x.value = (((event.clientX - edge.left) / edge.width) * 100).toFixed(1);
    boxes.y.value = (((event.clientY - edge.top) / edge.height) * 100).toFixed(1);
    show();
  });
  Object.values(boxes).forEach((box) => box.addEventListener("input", show));
  show();
})();

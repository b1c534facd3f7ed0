"use strict";
// On a narrow screen the step bar and the drawing begin where the plot is, not at its first stage.
document.addEventListener("DOMContentLoaded", () => {
  const middle = (box, mark) => {
    if (!box || !mark) return;
    const here = mark.getBoundingClientRect();
    const frame = box.getBoundingClientRect();
    box.scrollLeft += here.left + here.width / 2 - frame.left - frame.width / 2;
  };
  for (const bar of document.querySelectorAll("ol.life")) middle(bar, bar.querySelector("[aria-current]"));
  for (const box of document.querySelectorAll(".life-box-scroll")) middle(box, box.querySelector(".life-box.here"));
});

// A sample on the spot: how far the telephone is from the point, said at once; what was photographed is said by patrol.js.
"use strict";
(function () {
  const box = document.querySelector("[data-point]");
  const said = document.querySelector("[data-far-said]");
  if (!box || !said) return;
  const [x, y] = box.dataset.point.split(",").map(Number);
  const hidden = { x: document.querySelector("[data-longitude]"), y: document.querySelector("[data-latitude]") };
  const rad = Math.PI / 180;

  function metres() {
    const east = (Number(hidden.x.value) - x) * rad * Math.cos(y * rad) * 6378137;
    const north = (Number(hidden.y.value) - y) * rad * 6378137;
    return Math.round(Math.hypot(east, north));
  }

  function tell() {
    if (!hidden.x.value || !hidden.y.value) { said.textContent = ""; return; }
    const far = metres();
    said.textContent = (far > Number(box.dataset.most) ? said.dataset.far : said.dataset.near).replace("%(metres)s", far);
    said.classList.toggle("far-said", far > Number(box.dataset.most));
  }

  function restored(event) {
    tell();
    const place = document.querySelector("[data-locate-said]");
    if (hidden.x.value) place.textContent = place.dataset.kept + " " + new Date(event.detail.at).toLocaleString(document.documentElement.lang);
  }

  document.addEventListener("located", tell);
  document.querySelector("form[data-draft]").addEventListener("draft-used", restored);
  tell();
}());

// A patrol on the spot: the position from the browser, and what was photographed, said back to the person.
"use strict";
(function () {
  const said = document.querySelector("[data-locate-said]");
  const hidden = { x: document.querySelector("[data-longitude]"), y: document.querySelector("[data-latitude]") };

  function tell(text) { if (said) said.textContent = text; }

  function located(button, position) {
    hidden.x.value = position.coords.longitude.toFixed(7);
    hidden.y.value = position.coords.latitude.toFixed(7);
    const accuracy = document.querySelector("[data-accuracy]");
    if (accuracy) accuracy.value = position.coords.accuracy.toFixed(1);
    tell(said.dataset.done + " ±" + Math.round(position.coords.accuracy) + " m");
    document.dispatchEvent(new Event("located"));
    hidden.x.dispatchEvent(new Event("input", { bubbles: true })); // a draft keeps it
    if (button.dataset.then === "submit") button.form.requestSubmit();
  }

  document.querySelectorAll("[data-locate]").forEach((button) => {
    if (!navigator.geolocation) { button.hidden = true; return; }
    button.addEventListener("click", () => {
      tell(said.dataset.asking);
      const wanted = { enableHighAccuracy: true, timeout: 20000, maximumAge: 30000 };
      navigator.geolocation.getCurrentPosition((position) => located(button, position), () => tell(said.dataset.denied), wanted);
    });
  });

  document.querySelectorAll("[data-photo]").forEach((input) => {
    const word = input.closest(".photo").querySelector("[data-photo-said]");
    input.addEventListener("change", () => {
      word.textContent = Array.from(input.files).map((file) => file.name).join("、");
      input.closest(".photo").classList.toggle("is-taken", input.files.length > 0);
      input.closest(".photo").classList.remove("is-lost");
    });
    input.addEventListener("draft-lost", (event) => {
      word.textContent = word.dataset.again + event.detail.join("、");
      input.closest(".photo").classList.add("is-lost");
    });
  });
}());

// The table of substances takes rows from a spreadsheet and grows on demand; without this script three blank rows remain.
(() => {
  "use strict";
  const grid = document.querySelector("[data-grid]");
  if (!grid) return;
  const body = grid.tBodies[0];

  function addRow() {
    const row = body.rows[body.rows.length - 1].cloneNode(true);
    const before = String(body.rows.length);
    row.classList.remove("has-error");
    row.querySelectorAll(".error").forEach((line) => line.remove());
    row.querySelectorAll("input").forEach((input) => {
      input.value = "";
      input.removeAttribute("aria-invalid");
      input.setAttribute("aria-label", input.getAttribute("aria-label").replace(before, String(body.rows.length + 1)));
    });
    body.append(row);
    return row;
  }

  document.querySelector("[data-add-row]").addEventListener("click", () => addRow().querySelector("input").focus());

  // Enter goes down as in a spreadsheet, it does not send the form.
  grid.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input")) return;
    event.preventDefault();
    const cell = event.target.closest("td");
    const row = cell.parentElement.nextElementSibling || addRow();
    row.cells[cell.cellIndex].querySelector("input").focus();
  });

  grid.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain").replace(/\r/g, "").replace(/\n$/, "");
    if (!event.target.matches("input") || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const start = event.target.closest("td");
    text.split("\n").forEach((line, down) => {
      const at = start.parentElement.sectionRowIndex + down;
      while (body.rows.length <= at) addRow();
      line.split("\t").forEach((value, across) => {
        const cell = body.rows[at].cells[start.cellIndex + across];
        if (cell) cell.querySelector("input").value = value.trim();
      });
    });
    grid.dispatchEvent(new Event("change", { bubbles: true }));
  });
})();

// Drawing into a form: <div data-draw-map data-target="id of the textarea" data-shape data-layer data-bbox data-current>.
// What is drawn stands in the textarea as WKT, longitude and latitude on CGCS2000; what stands there as WKT is drawn.
import { addLayer, choose, element, hasWebgl, makeMap } from "./ground.mjs";
import { Drawing, measured, measures } from "./drawing.mjs";
import { dayQuery, layersOf, loadStyles, named, sayInstead, setupOf, viewOf } from "./small-map.mjs";

const MODES = { polygon: "polygon", line: "linestring", point: "point" };
const pair = ([lng, lat]) => `${lng} ${lat}`;

export function asWkt(geometry) {
  const at = geometry.coordinates;
  if (geometry.type === "Point") return `POINT (${pair(at)})`;
  if (geometry.type === "LineString") return `LINESTRING (${at.map(pair).join(", ")})`;
  return `POLYGON (${at.map((ring) => `(${ring.map(pair).join(", ")})`).join(", ")})`;
}

export function fromWkt(text) {
  const found = /^\s*(?:SRID=\d+;)?\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*(?:ZM?|M)?\s*\((.*)\)\s*$/is.exec(text || "");
  if (!found) return null;
  const corners = (part) => part.replace(/[()]/g, "").split(",").map((corner) => corner.trim().split(/\s+/).slice(0, 2).map(Number));
  const kind = found[2].toUpperCase();
  const body = found[3];
  if (found[1] && (body.match(/\(\s*\(/g) || []).length > 1) return null; // several parts are edited as text
  const rings = kind === "POLYGON" ? body.match(/\([^()]*\)/g) || [] : [body];
  const coordinates = rings.map(corners);
  if (!coordinates.flat(2).every(Number.isFinite)) return null;
  if (kind === "POINT") return { type: "Point", coordinates: coordinates[0][0] };
  if (kind === "LINESTRING") return { type: "LineString", coordinates: coordinates[0] };
  return { type: "Polygon", coordinates };
}

function read(text) {
  const plain = (text || "").trim();
  if (!plain.startsWith("{")) return fromWkt(plain);
  try { const given = JSON.parse(plain); return given.type === "Feature" ? given.geometry : given; } catch { return null; }
}

// One part of a multi-geometry is edited as that part; several parts are only shown.
function single(geometry) {
  if (!geometry?.type?.startsWith("Multi")) return geometry;
  return geometry.coordinates.length === 1 ? { type: geometry.type.slice(5), coordinates: geometry.coordinates[0] } : null;
}

const rounded = (geometry) => JSON.parse(JSON.stringify(geometry), (key, value) => (typeof value === "number" ? Number(value.toFixed(8)) : value));

async function begin(box) {
  const setup = await setupOf(box);
  const { words } = setup;
  if (!hasWebgl()) { sayInstead(box, words.no_webgl); return; }
  const target = document.getElementById(box.dataset.target);
  const system = document.getElementById(box.dataset.crs);
  const mode = MODES[box.dataset.shape] || "polygon";
  const map = await makeMap(box, setup, { ...viewOf(box, setup), controls: "top-right" });
  layersOf(box, setup).forEach((layer) => addLayer(map, layer, dayQuery(box, setup)));
  const told = element("p", { className: "hint draw-map-told" });
  told.setAttribute("role", "status");
  const again = element("button", { type: "button", className: "btn btn-sm btn-outline-secondary", textContent: words[`start_${mode}`] });
  box.after(element("div", { className: "draw-map-bar" }, again, told));
  let waiting = 0, writing = false;
  const write = (text) => { target.value = text; if (system) system.value = "CGCS2000"; };

  async function tell(geometry) {
    const found = await measured(setup.urls.measure, geometry);
    told.textContent = found.refused || measures(found, words).map(([name, value]) => `${name} ${value}`).join("　") || words.edit;
  }
  const drawing = new Drawing(map, (geometry, isFinished) => {
    if (!geometry || writing) return;
    if (isFinished && target) { write(asWkt(rounded(geometry))); target.dispatchEvent(new Event("change", { bubbles: true })); }
    clearTimeout(waiting);
    waiting = setTimeout(() => tell(geometry).catch(() => {}), isFinished ? 0 : 200);
  });
  function show(given) {
    const geometry = single(given);
    if (!geometry) return false;
    writing = true;
    const done = drawing.show(rounded(geometry));
    writing = false;
    if (done) tell(geometry).catch(() => {});
    return done;
  }
  again.addEventListener("click", () => { drawing.start(mode); told.textContent = words[`draw_${mode}`]; });
  target?.addEventListener("input", () => show(read(target.value)));

  const carried = target && !target.value.trim() && !box.dataset.feature ? sessionStorage.getItem("map.drawn") : "";
  const current = read(box.dataset.current);
  const begun = read(target?.value) || read(carried) || single(current);
  if (current && !begun) choose(map, { type: "Feature", properties: {}, geometry: current });
  if (carried) { sessionStorage.removeItem("map.drawn"); write(asWkt(JSON.parse(carried))); }
  if (!show(begun)) { drawing.start(mode); told.textContent = words[`draw_${mode}`]; }
  else if (carried) map.fitBounds(boundsOf(begun), { padding: 40, maxZoom: 17, animate: false });
  named(box, map, setup, words.map);
  box.dataset.ready = "1";
}

function boundsOf(geometry) {
  const corners = geometry.type === "Point" ? [geometry.coordinates] : geometry.coordinates.flat(geometry.type === "Polygon" ? 1 : 0);
  const [xs, ys] = [0, 1].map((side) => corners.map((corner) => corner[side]));
  return [[Math.min(...xs), Math.min(...ys)], [Math.max(...xs), Math.max(...ys)]];
}

loadStyles();
document.querySelectorAll("[data-draw-map]").forEach((box) => begin(box).catch(() => box.classList.add("has-no-map")));

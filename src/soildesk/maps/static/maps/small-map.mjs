// A small map on a page: <div data-small-map data-layer data-feature data-bbox data-on data-geojson-url>.
import { addLayer, choose, fill, got, hasWebgl, LngLatBounds, makeMap, parsedBounds } from "./ground.mjs";

const setups = new Map();

export function loadStyles() {
  if (document.querySelector("link[data-map-styles]")) return;
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href: new URL("../vendor/maplibre-gl.css", import.meta.url).href });
  link.dataset.mapStyles = "";
  document.head.append(link);
}

export function setupOf(box) {
  const query = new URLSearchParams();
  if (box.dataset.layer) query.set("layers", box.dataset.layer);
  if (box.dataset.on) query.set("on", box.dataset.on);
  const address = `${box.dataset.setup || "/map/setup.json"}?${query}`;
  if (!setups.has(address)) setups.set(address, got(address).then((answer) => answer.json()));
  return setups.get(address);
}

export function layersOf(box, setup) {
  const names = (box.dataset.layer || "").split(",").filter(Boolean);
  return names.map((name) => setup.layers.find((layer) => layer.id === name)).filter(Boolean);
}

export function dayQuery(box, setup) {
  return box.dataset.on && box.dataset.on !== setup.today ? `on=${box.dataset.on}` : "";
}

export function viewOf(box, setup) {
  const bounds = parsedBounds(box.dataset.bbox) || setup.extent || [73.5, 18, 135.1, 53.6];
  return { bounds: new LngLatBounds(bounds), fitBoundsOptions: { padding: 28, maxZoom: 17 } };
}

export function sayInstead(box, sentence) {
  box.classList.add("has-no-map");
  const line = Object.assign(document.createElement("p"), { className: "hint", textContent: sentence });
  box.replaceChildren(line);
}

export function named(box, map, setup, sentence) {
  box.setAttribute("role", "group");
  if (!box.hasAttribute("aria-label")) box.setAttribute("aria-label", sentence);
  map.getCanvas().setAttribute("aria-label", sentence);
  const approval = setup.base.approval;
  if (approval) box.append(Object.assign(document.createElement("p"), { className: "small-map-approval hint", textContent: fill(setup.words.approval, { number: approval }) }));
}

async function shapesOf(box, setup) {
  if (box.dataset.geojsonUrl) return (await got(box.dataset.geojsonUrl)).json();
  const key = box.dataset.feature || box.dataset.key;
  if (!key || !box.dataset.layer) return null;
  const address = setup.urls.shape.replace("LAYER", box.dataset.layer).replace("KEY", encodeURIComponent(key));
  const day = dayQuery(box, setup);
  return (await got(day ? `${address}?${day}` : address)).json();
}

async function begin(box) {
  const setup = await setupOf(box);
  if (!hasWebgl()) { sayInstead(box, setup.words.no_webgl); return; }
  const map = await makeMap(box, setup, { ...viewOf(box, setup), cooperativeGestures: false, scrollZoom: false, controls: "top-right" });
  layersOf(box, setup).forEach((layer) => addLayer(map, layer, dayQuery(box, setup)));
  const shapes = await shapesOf(box, setup);
  choose(map, shapes);
  named(box, map, setup, shapes?.properties?.title ? `${setup.words.map}：${shapes.properties.title}` : setup.words.map);
  box.dataset.ready = "1";
}

loadStyles();
document.querySelectorAll("[data-small-map]").forEach((box) => {
  const seen = new IntersectionObserver((entries) => {
    if (!entries.some((entry) => entry.isIntersecting)) return;
    seen.disconnect();
    begin(box).catch(() => box.classList.add("has-no-map"));
  });
  seen.observe(box);
});

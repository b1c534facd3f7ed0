// What every map of the desk is made of: MapLibre with our worker, the layers' looks, hatches, swatches.
import { Map as GlMap, NavigationControl, ScaleControl, LngLatBounds, setWorkerUrl } from "../vendor/maplibre-gl.mjs";

setWorkerUrl(new URL("../vendor/maplibre-gl-worker.mjs", import.meta.url).href);

export { LngLatBounds };
export const GROUND = "#f3f2ec";
export const INK = "#23393c";
const HATCH_SIZE = 12;
const NO_SHAPES = { type: "FeatureCollection", features: [] };

export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

export function fill(sentence, values) {
  return sentence.replace(/%\((\w+)\)s/g, (whole, name) => values[name] ?? whole);
}

export function parsedBounds(text) {
  const sides = (text || "").split(",").map(Number);
  return sides.length === 4 && sides.every(Number.isFinite) ? sides : null;
}

// ---- hatches: a second way to tell classes apart, for eyes that do not tell the colours
const OUTLINE = "outline"; // drawn by its edge alone
function strokes(context, hatch, size) {
  const line = (x1, y1, x2, y2) => { context.beginPath(); context.moveTo(x1, y1); context.lineTo(x2, y2); context.stroke(); };
  const half = size / 2;
  if (hatch === "rising" || hatch === "cross") [-size, 0, size].forEach((at) => line(at, size, at + size, 0));
  if (hatch === "falling" || hatch === "cross") [-size, 0, size].forEach((at) => line(at, 0, at + size, size));
  if (hatch === "level") line(0, half, size, half);
  if (hatch === "upright") line(half, 0, half, size);
  if (hatch === "dots") { context.beginPath(); context.arc(half, half, size / 7, 0, 7); context.fill(); }
}

function hatchImage(hatch, color, ratio = 2) {
  const canvas = element("canvas", { width: HATCH_SIZE * ratio, height: HATCH_SIZE * ratio });
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.strokeStyle = context.fillStyle = color;
  context.globalAlpha = 0.4;
  context.lineWidth = 1;
  strokes(context, hatch, HATCH_SIZE);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

export function drawSwatch(image) {
  const { color, line, hatch, shape } = image.dataset;
  const [width, height, ratio] = [22, 14, 2];
  const canvas = element("canvas", { width: width * ratio, height: height * ratio });
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.strokeStyle = line;
  context.fillStyle = color;
  if (shape === "point") {
    context.beginPath(); context.arc(width / 2, height / 2, 4.5, 0, 7); context.globalAlpha = 0.85; context.fill(); context.globalAlpha = 1; context.stroke();
  } else if (shape === "line") {
    context.lineWidth = 2.5; context.beginPath(); context.moveTo(1, height - 3); context.lineTo(width - 1, 3); context.stroke();
  } else {
    context.globalAlpha = hatch === OUTLINE ? 0 : 0.4; context.fillRect(1, 1, width - 2, height - 2);
    context.globalAlpha = 0.8; context.save(); context.beginPath(); context.rect(1, 1, width - 2, height - 2); context.clip();
    context.strokeStyle = context.fillStyle = line; context.lineWidth = 1;
    for (let x = 0; x < width; x += 7) for (let y = 0; y < height; y += 7) { context.save(); context.translate(x, y); strokes(context, hatch, 7); context.restore(); }
    context.restore(); context.globalAlpha = 1; context.strokeStyle = line; context.lineWidth = 1.4; context.strokeRect(1, 1, width - 2, height - 2);
  }
  image.src = canvas.toDataURL();
}

export function drawSwatches(root) {
  root.querySelectorAll("img.swatch:not([src])").forEach(drawSwatch);
}

// ---- the style
function byClass(layer, name, otherwise) {
  if (!layer.classed) return layer.legend[0][name];
  const pairs = layer.legend.flatMap((one) => [String(one.value), one[name]]);
  return ["match", ["to-string", ["get", "class"]], ...pairs, otherwise];
}

function hatchName(layer) {
  const name = (one) => `hatch:${one.hatch}:${one.line}`;
  if (!layer.classed) return name(layer.legend[0]);
  return ["match", ["to-string", ["get", "class"]], ...layer.legend.flatMap((one) => [String(one.value), name(one)]), "hatch:none:#000000"];
}

const UNCLASSED = "#8a9496";
const AREAS = ["==", ["geometry-type"], "Polygon"];
const LINES = ["==", ["geometry-type"], "LineString"];
const POINTS = ["==", ["geometry-type"], "Point"];
const OPACITY = { fill: 0.18, hatch: 1, edge: 0.95, line: 1, point: 0.9 };
const shareOf = (layer) => { // classes are the message, other layers only ground, outlines leave it free
  if (layer.legend[0]?.hatch === OUTLINE) return { ...OPACITY, fill: 0 };
  return layer.classed ? { ...OPACITY, fill: 0.38 } : OPACITY;
};
const PAINT = { fill: "fill-opacity", hatch: "fill-opacity", edge: "line-opacity", line: "line-opacity", point: "circle-opacity" };

export function styleLayers(layer) {
  const common = { source: layer.id, "source-layer": layer.id };
  const id = (part) => `${layer.id}/${part}`;
  const width = ["interpolate", ["linear"], ["zoom"], 8, 0.5, 13, 1, 17, 1.8];
  return [
    { id: id("fill"), type: "fill", filter: AREAS, ...common, paint: { "fill-color": byClass(layer, "color", UNCLASSED), "fill-opacity": shareOf(layer).fill } },
    { id: id("hatch"), type: "fill", filter: AREAS, minzoom: 11, ...common, paint: { "fill-pattern": hatchName(layer), "fill-opacity": OPACITY.hatch } },
    { id: id("edge"), type: "line", filter: AREAS, ...common, layout: { "line-join": "round" }, paint: { "line-color": byClass(layer, "line", UNCLASSED), "line-width": width, "line-opacity": OPACITY.edge } },
    { id: id("line"), type: "line", filter: LINES, ...common, layout: { "line-join": "round", "line-cap": "round" }, paint: { "line-color": byClass(layer, "line", UNCLASSED), "line-width": 2 } },
    { id: id("point"), type: "circle", filter: POINTS, ...common, paint: { "circle-color": byClass(layer, "color", UNCLASSED), "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 2.5, 14, 6], "circle-stroke-color": "#ffffff", "circle-stroke-width": 1.2, "circle-opacity": OPACITY.point } },
  ];
}

export function addLayer(map, layer, query) {
  if (map.getSource(layer.id)) return;
  layer.legend.forEach((one) => {
    const name = `hatch:${one.hatch}:${one.line}`;
    if (!map.hasImage(name)) map.addImage(name, hatchImage(one.hatch, one.line), { pixelRatio: 2 });
  });
  if (!map.hasImage("hatch:none:#000000")) map.addImage("hatch:none:#000000", hatchImage("none", "#000000"), { pixelRatio: 2 });
  map.addSource(layer.id, { type: "vector", tiles: [tileAddress(layer, query)], minzoom: 0, maxzoom: 15 });
  const before = map.getLayer("chosen/fill") ? "chosen/fill" : undefined;
  styleLayers(layer).forEach((one) => map.addLayer(one, before));
}

// Whether tiles in view say that they do not hold everything.
export function leavesOut(map, layer) {
  return Boolean(map.getSource(layer.id)) && map.querySourceFeatures(layer.id, { sourceLayer: "left_out" }).length > 0;
}

export function tileAddress(layer, query) {
  return location.origin + layer.tiles + (query ? `?${query}` : "");
}

export function removeLayer(map, layer) {
  if (!map.getSource(layer.id)) return;
  styleLayers(layer).forEach((one) => { if (map.getLayer(one.id)) map.removeLayer(one.id); });
  map.removeSource(layer.id);
}

export function setOpacity(map, layer, share) {
  Object.keys(PAINT).forEach((part) => { if (map.getLayer(`${layer.id}/${part}`)) map.setPaintProperty(`${layer.id}/${part}`, PAINT[part], shareOf(layer)[part] * share); });
}

export function bringUp(map, layer) {
  const before = map.getLayer("chosen/fill") ? "chosen/fill" : undefined;
  styleLayers(layer).forEach((one) => { if (map.getLayer(one.id)) map.moveLayer(one.id, before); });
}

function addChosen(map) {
  map.addSource("chosen", { type: "geojson", data: NO_SHAPES });
  map.addLayer({ id: "chosen/fill", type: "fill", source: "chosen", filter: AREAS, paint: { "fill-color": "#0b6e8f", "fill-opacity": 0.12 } });
  map.addLayer({ id: "chosen/casing", type: "line", source: "chosen", filter: ["!", POINTS], paint: { "line-color": "#ffffff", "line-width": 5 } });
  map.addLayer({ id: "chosen/line", type: "line", source: "chosen", filter: ["!", POINTS], paint: { "line-color": "#0b4f6c", "line-width": 2.5 } });
  map.addLayer({ id: "chosen/point", type: "circle", source: "chosen", filter: POINTS, paint: { "circle-radius": 7, "circle-color": "#0b4f6c", "circle-stroke-color": "#ffffff", "circle-stroke-width": 2.5 } });
}

// Names come by themselves, each once: in tiles a parcel over an edge would be named twice. Ground bears its name within,
// a mark beside it.
function addNames(map) {
  const beside = ["top", "bottom", "left", "right"];
  map.addSource("names", { type: "geojson", data: NO_SHAPES });
  addName(map, "names", ["!=", ["get", "mark"], true], ["center", ...beside], 0.6);
  addName(map, "names/marks", ["==", ["get", "mark"], true], beside, 0.9);
}

function addName(map, id, filter, anchors, offset) {
  map.addLayer({
    id, type: "symbol", source: "names", minzoom: NAMES_FROM, filter,
    layout: { "text-field": ["get", "title"], "text-font": ["sans-serif"], "text-size": 12, "text-max-width": 8, "text-padding": 4, "text-variable-anchor": anchors, "text-radial-offset": offset },
    paint: { "text-color": INK, "text-halo-color": "rgba(255,255,255,0.92)", "text-halo-width": 1.6 },
  });
}

export const NAMES_FROM = 14;

export function showNames(map, names) {
  map.getSource("names").setData(names || NO_SHAPES);
}

export function choose(map, shapes) {
  map.getSource("chosen").setData(shapes || NO_SHAPES);
}

export function baseSources(base) {
  const sources = {}, layers = [{ id: "ground", type: "background", paint: { "background-color": GROUND } }];
  base.tiles.forEach((addresses, index) => {
    const tiles = addresses.map((one) => (one.startsWith("/") ? location.origin + one : one));
    sources[`base${index}`] = { type: "raster", tiles, tileSize: 256, maxzoom: base.deepest };
    layers.push({ id: `base${index}`, type: "raster", source: `base${index}`, paint: { "raster-saturation": -0.35, "raster-opacity": 0.85 } });
  });
  return { sources, layers };
}

// A map with its ground; resolves when it can take layers, fails where the browser has no WebGL.
export function makeMap(container, setup, options = {}) {
  const base = baseSources(setup.base);
  const words = setup.words;
  const map = new GlMap({
    container,
    style: { version: 8, sources: base.sources, layers: base.layers },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxZoom: 20,
    minZoom: 3,
    fadeDuration: 0,
    locale: {
      "Map.Title": words.map, "NavigationControl.ZoomIn": words.zoom_in, "NavigationControl.ZoomOut": words.zoom_out,
      "NavigationControl.ResetBearing": words.north, "ScaleControl.Meters": words.metres, "ScaleControl.Kilometers": words.kilometres,
    },
    ...options,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), options.controls || "bottom-right");
  map.addControl(new ScaleControl({ unit: "metric", maxWidth: 110 }), "bottom-left");
  return new Promise((resolve) => map.once("load", () => { addChosen(map); addNames(map); resolve(map); }));
}

export function hasWebgl() {
  return Boolean(document.createElement("canvas").getContext("webgl2"));
}

export function roundedScale(map) {
  const metresAPixel = (40075016.686 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
  const scale = metresAPixel / 0.000264583;
  const power = 10 ** Math.floor(Math.log10(scale));
  return Math.round(scale / power * 10) / 10 * power;
}

export async function got(address, options = {}) {
  const answer = await fetch(address, { credentials: "same-origin", ...options });
  if (answer.redirected && new URL(answer.url).pathname !== new URL(address, location.href).pathname) location.reload();
  if (!answer.ok) throw Object.assign(new Error(String(answer.status)), { status: answer.status });
  return answer;
}

export function csrf() {
  const given = document.body.getAttribute("hx-headers");
  return given ? JSON.parse(given) : {};
}

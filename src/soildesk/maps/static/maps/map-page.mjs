// The page of the one map: layers and their state in the address bar, search, cards, drawing, selection.
import { addLayer, bringUp, choose, drawSwatches, element, fill, got, hasWebgl, leavesOut, LngLatBounds, makeMap, NAMES_FROM, parsedBounds, removeLayer, roundedScale, setOpacity, showNames, tileAddress } from "./ground.mjs";
import { Drawing, measured, measures } from "./drawing.mjs";
import { address, readState, tileQuery } from "./address.mjs";

const page = document.querySelector("[data-map-page]");
const setup = JSON.parse(document.getElementById("map-setup").textContent);
const { words, urls } = setup;
const one = (selector) => page.querySelector(selector);
const layersForm = one("[data-layers]");
const card = one("#map-card");
const cardBody = one(".map-card-body");
const say = one(".map-say");
const foundBox = one("#map-found");
const layerOf = Object.fromEntries(setup.layers.map((layer) => [layer.id, layer]));
const state = readState(setup);
let map = null, drawing = null, drawn = null, asking = null;

// ---- the address bar
function remember() {
  const { lng, lat } = map ? map.getCenter() : { lng: 0, lat: 0 };
  if (map) state.at = `${map.getZoom().toFixed(2)}/${lat.toFixed(5)}/${lng.toFixed(5)}`;
  const query = address(state, setup, new FormData(layersForm));
  history.replaceState(null, "", `${location.pathname}?${query}`);
  page.querySelectorAll("[data-list]").forEach((link) => {
    const name = link.closest("[data-layer]").dataset.layer;
    const own = tileQuery(name, state, setup, new FormData(layersForm));
    link.href = link.pathname + (own ? `?${own}` : "");
  });
  const sheet = one("[data-sheet]");
  if (sheet && map) sheet.href = `${urls.sheet}?${query}&bbox=${map.getBounds().toArray().flat().map((side) => side.toFixed(6)).join(",")}`;
}

function asked(more = {}) {
  const params = address({ ...state, at: "", sel: "" }, setup, new FormData(layersForm));
  Object.entries(more).forEach(([name, value]) => params.set(name, value));
  return params.toString();
}

function tell(sentence, isFault = false) {
  say.textContent = sentence || "";
  say.hidden = !sentence;
  say.classList.toggle("is-fault", isFault);
}

function failed(error) {
  if (error.name !== "AbortError") tell(error.status === 404 || error.status === 403 ? words.refused : words.failed, true);
}

// ---- layers
function drawLayers() {
  setup.layers.forEach((layer) => { if (!state.layers.includes(layer.id)) removeLayer(map, layer); });
  [...state.layers].reverse().forEach((name) => {
    addLayer(map, layerOf[name], tileQuery(name, state, setup, new FormData(layersForm)));
    setOpacity(map, layerOf[name], (state.opacity[name] ?? 100) / 100);
    bringUp(map, layerOf[name]);
  });
  readNames();
}

// The legend says what is in view: of sixty classes of land only those that are there.
function classesInView(layer) {
  const drawn = ["fill", "line", "point"].map((part) => `${layer.id}/${part}`).filter((id) => map?.getLayer(id));
  const known = new Set(layer.legend.map((one) => one.value));
  const found = drawn.length ? map.queryRenderedFeatures({ layers: drawn }) : [];
  return new Set(found.map((one) => String(one.properties.class ?? "")).map((value) => (known.has(value) ? value : "-")));
}

function showLegend() {
  const lines = [];
  state.layers.map((name) => layerOf[name]).forEach((layer) => {
    const seen = layer.classed ? classesInView(layer) : null;
    const list = one(`[data-layer="${layer.id}"] [data-legend]`);
    if (list) [...list.children].forEach((line, index) => line.classList.toggle("is-elsewhere", !seen.has(index === layer.legend.length ? "-" : line.dataset.value)));
    lines.push(...layer.legend.filter((line) => !seen || seen.has(line.value)).map((line) => [layer, line]));
  });
  const legend = one(".map-legend");
  one(".map-left-out").hidden = !map || !state.layers.some((name) => leavesOut(map, layerOf[name]));
  legend.replaceChildren(...lines.map(([layer, line]) => {
    const image = element("img", { className: "swatch", alt: "", width: 22, height: 14 });
    Object.assign(image.dataset, { color: line.color, line: line.line, hatch: line.hatch, shape: layer.shape });
    return element("span", {}, image, line.title);
  }));
  drawSwatches(legend);
}

layersForm.addEventListener("click", (event) => {
  const whole = event.target.closest("[data-whole]");
  if (!whole) return;
  const isOpen = one(`[data-layer="${whole.closest("[data-layer]").dataset.layer}"] [data-legend]`).classList.toggle("is-whole");
  whole.setAttribute("aria-expanded", String(isOpen));
});

let naming = null;
async function readNames() {
  naming?.abort();
  if (map.getZoom() < NAMES_FROM || !state.layers.length) { showNames(map, null); return; }
  naming = new AbortController();
  const bbox = map.getBounds().toArray().flat().map((side) => side.toFixed(6)).join(",");
  try {
    const names = await (await got(`${urls.names}?${asked({ bbox })}`, { signal: naming.signal })).json();
    names.features.forEach(({ properties }) => { properties.mark = layerOf[properties.layer]?.shape === "point"; });
    showNames(map, names);
  } catch (error) { failed(error); }
}

function refreshTiles(names) {
  names.filter((name) => map.getSource(name)).forEach((name) => {
    map.getSource(name).setTiles([tileAddress(layerOf[name], tileQuery(name, state, setup, new FormData(layersForm)))]);
  });
  readNames();
}

layersForm.addEventListener("change", (event) => {
  const box = event.target;
  const name = box.closest("[data-layer]").dataset.layer;
  if (box.name === "show") {
    state.layers = box.checked ? [name, ...state.layers] : state.layers.filter((each) => each !== name);
    drawLayers();
  } else if (box.matches("[data-opacity]")) {
    state.opacity[name] = Number(box.value);
    setOpacity(map, layerOf[name], box.value / 100);
  } else {
    refreshTiles([name]);
  }
  remember();
  readText();
});
layersForm.addEventListener("submit", (event) => event.preventDefault());
layersForm.addEventListener("click", (event) => {
  const raise = event.target.closest("[data-raise]");
  if (!raise) return;
  const panel = raise.closest("[data-layer]");
  const name = panel.dataset.layer;
  panel.querySelector("input[name='show']").checked = true;
  state.layers = [name, ...state.layers.filter((each) => each !== name)];
  panel.parentElement.querySelector("legend").after(panel);
  drawLayers();
  remember();
});

function toggleSide(open) { one("#map-side").classList.toggle("is-open", open); }
one("[data-side-open]").addEventListener("click", () => { toggleSide(true); one("[data-side-close]").focus(); });
one("[data-side-close]").addEventListener("click", () => { toggleSide(false); one("[data-side-open]").focus(); });

// ---- cards
function showCard(content) {
  if (typeof content === "string") cardBody.innerHTML = content; else cardBody.replaceChildren(content);
  drawSwatches(cardBody);
  card.hidden = false;
  page.classList.add("has-card");
}

function closeCard() {
  card.hidden = true;
  page.classList.remove("has-card");
  state.sel = "";
  if (map) choose(map, null);
  remember();
}

async function ask(url, more) {
  asking?.abort();
  asking = new AbortController();
  return (await got(`${url}?${asked(more)}`, { signal: asking.signal })).text();
}

async function mark(layer, key) {
  const url = urls.shape.replace("LAYER", layer).replace("KEY", encodeURIComponent(key));
  choose(map, await (await got(`${url}?${asked()}`)).json());
}

async function openFirst() {
  const first = cardBody.querySelector(".map-one[data-key]");
  if (!first) { choose(map, null); return; }
  state.sel = `${first.dataset.layer}/${first.dataset.key}`;
  remember();
  await mark(first.dataset.layer, first.dataset.key);
}

async function openAt(lngLat) {
  const metres = 8 * (40075016.686 * Math.cos((lngLat.lat * Math.PI) / 180)) / (512 * 2 ** map.getZoom());
  showCard(await ask(urls.at, { lon: lngLat.lng.toFixed(7), lat: lngLat.lat.toFixed(7), metres: metres.toFixed(1) }));
  await openFirst();
}

async function openRow(layer, key, bounds) {
  const url = urls.card.replace("LAYER", layer).replace("KEY", encodeURIComponent(key));
  showCard(await ask(url));
  await openFirst();
  fly(bounds || cardBody.querySelector(".map-one")?.dataset.bounds);
}

function fly(text) {
  const bounds = parsedBounds(text);
  if (!bounds || !map) return;
  const wide = window.innerWidth > 820;
  map.fitBounds(new LngLatBounds(bounds), { padding: wide ? { top: 90, bottom: 90, left: 60, right: 400 } : { top: 80, bottom: 320, left: 30, right: 30 }, maxZoom: 17, animate: false });
}

card.addEventListener("click", (event) => {
  const hit = event.target.closest("[data-hit]");
  const flight = event.target.closest("[data-fly]");
  const copy = event.target.closest("[data-copy]");
  if (event.target.closest("[data-card-close]")) closeCard();
  if (hit) openRow(hit.dataset.hit, hit.dataset.key, hit.dataset.bounds).catch(failed);
  if (flight) fly(flight.dataset.fly);
  if (copy) copyDrawn(copy.dataset.copy);
});
cardBody.addEventListener("toggle", (event) => {
  const article = event.target.closest(".map-one[data-key]");
  if (article && event.target.open) mark(article.dataset.layer, article.dataset.key).catch(failed);
}, true);

// ---- search
const find = one("[data-find]");
let typing = 0;
async function search() {
  const text = find.elements.q.value.trim();
  if (!text) { foundBox.hidden = true; return; }
  const view = map ? map.getBounds().toArray().flat().map((side) => side.toFixed(4)).join(",") : "";
  foundBox.innerHTML = await ask(urls.find, { q: text, view });
  foundBox.hidden = false;
}
find.addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(() => search().catch(failed), 250); });
find.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(typing);
  search().then(() => foundBox.querySelector("button")?.focus()).catch(failed);
});
foundBox.addEventListener("click", (event) => {
  const hit = event.target.closest("[data-hit]"), spot = event.target.closest("[data-spot]");
  if (!hit && !spot) return;
  foundBox.hidden = true;
  if (hit) { showLayer(hit.dataset.hit); openRow(hit.dataset.hit, hit.dataset.key, hit.dataset.bounds).catch(failed); }
  if (spot) goTo(spot.dataset.spot.split(",").map(Number));
});

function showLayer(name) {
  if (state.layers.includes(name)) return;
  layersForm.querySelector(`input[name="show"][value="${name}"]`).checked = true;
  state.layers = [name, ...state.layers];
  if (map) drawLayers();
}

function goTo([lng, lat], zoom = 16) {
  map.jumpTo({ center: [lng, lat], zoom: Math.max(zoom, map.getZoom()) });
  openAt({ lng, lat }).then(() => {
    if (!state.sel) choose(map, { type: "Feature", properties: {}, geometry: { type: "Point", coordinates: [lng, lat] } });
  }).catch(failed);
}

// ---- where am I
one("[data-locate]").addEventListener("click", () => {
  if (!navigator.geolocation) { tell(words.locate_failed, true); return; }
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => { tell(fill(words.here, { metres: Math.round(coords.accuracy) })); goTo([coords.longitude, coords.latitude]); },
    () => tell(words.locate_failed, true),
    { enableHighAccuracy: true, timeout: 15000, maximumAge: 30000 },
  );
});

// ---- drawing, measuring, box
function press(tool) {
  page.querySelectorAll("[data-tool]").forEach((button) => { if (button.hasAttribute("aria-pressed")) button.setAttribute("aria-pressed", String(button.dataset.tool === tool)); });
  page.classList.toggle("is-drawing", Boolean(tool));
}

function startTool(tool) {
  if (tool === "clear" || page.querySelector(`[data-tool="${tool}"]`).getAttribute("aria-pressed") === "true") { stopTool(); drawing.clear(); drawn = null; closeCard(); return; }
  press(tool);
  choose(map, null);
  drawing.start(tool);
  tell(words[`draw_${tool}`]);
}

function stopTool() { press(""); tell(""); }

let measuring = null, lastDrawn = "";
async function changed(geometry, isFinished, mode) {
  if (mode === "box") {
    if (isFinished) { stopTool(); await openBox(geometry); }
    return;
  }
  if (isFinished) { stopTool(); tell(geometry?.type === "Point" ? "" : words.edit); }
  const told = JSON.stringify(geometry);
  if (!geometry || (!isFinished && told === lastDrawn)) return;
  lastDrawn = told;
  measuring?.abort();
  measuring = new AbortController();
  try {
    await new Promise((go) => setTimeout(go, isFinished ? 0 : 150));
    if (measuring.signal.aborted) return;
    const found = await measured(urls.measure, geometry, measuring.signal);
    if (found.refused) { if (isFinished) tell(found.refused, true); return; }
    drawn = { geometry, corners: found.corners };
    showMeasures(found, isFinished);
  } catch (error) { failed(error); }
}

function showMeasures(told, isFinished) {
  if (!cardBody.querySelector("[data-measures]")) showCard(document.getElementById("drawn-template").content.cloneNode(true));
  const lines = measures(told, words);
  if (drawn.geometry.type === "Point") lines.push([words.map, drawn.geometry.coordinates.slice().reverse().map((side) => side.toFixed(6)).join(", ")]);
  cardBody.querySelector("[data-measures]").replaceChildren(...lines.map(([name, value]) => element("div", {}, element("dt", { textContent: name }), element("dd", { textContent: value }))));
  if (isFinished) showEntered();
}

function showEntered() {
  const kind = { Polygon: "polygon", LineString: "line", Point: "point" }[drawn.geometry.type];
  const into = setup.entered.filter((one) => one.shape === kind || one.shape === "mixed");
  const box = cardBody.querySelector("[data-enter]");
  box.hidden = !into.length;
  box.querySelectorAll("button").forEach((button) => button.remove());
  box.append(...into.map((one) => Object.assign(element("button", { type: "button", className: "btn btn-primary btn-sm", textContent: one.title }), { onclick: () => useDrawn(one.url) })));
}

async function openBox(geometry) {
  const corners = geometry.coordinates[0];
  const [xs, ys] = [0, 1].map((side) => corners.map((corner) => corner[side]));
  const bbox = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)].map((side) => side.toFixed(6)).join(",");
  try {
    showCard(await ask(urls.inside, { bbox }));
    choose(map, { type: "Feature", properties: {}, geometry });
  } catch (error) { failed(error); }
}

async function copyDrawn(kind) {
  const text = kind === "corners" ? drawn.corners : JSON.stringify(drawn.geometry);
  try { await navigator.clipboard.writeText(text); tell(words.copied); } catch {
    const area = element("textarea", { className: "form-control", readOnly: true, rows: 6, value: text });
    cardBody.querySelector("textarea")?.remove();
    cardBody.querySelector(".map-acts").after(area);
    area.select();
    tell(words.copy_failed);
  }
}

function useDrawn(url) {
  sessionStorage.setItem("map.drawn", JSON.stringify(drawn.geometry));
  location.assign(url);
}

one(".map-tools").addEventListener("click", (event) => {
  const button = event.target.closest("[data-tool]");
  if (button && drawing) startTool(button.dataset.tool);
});

// ---- the day
const time = one("[data-time]");
const years = time.elements.year.dataset.years.split(",").map(Number);
const dayOf = (index) => (index >= years.length || `${years[index]}-12-31` > setup.today ? setup.today : `${years[index]}-12-31`);
function showDay() {
  time.querySelector("output").textContent = state.on;
  time.elements.on.value = state.on;
  const index = years.findIndex((year) => `${year}-12-31` === state.on);
  time.elements.year.value = String(index >= 0 ? index : state.on >= setup.today ? years.length : years.findIndex((year) => String(year) === state.on.slice(0, 4)));
}
function changeDay(day) {
  if (!day || day === state.on) return;
  state.on = day;
  showDay();
  refreshTiles(state.layers);
  remember();
  if (state.sel) openRow(...state.sel.split("/")).catch(closeCard);
  readText();
}
time.elements.year.addEventListener("input", () => { time.querySelector("output").textContent = dayOf(Number(time.elements.year.value)); });
time.elements.year.addEventListener("change", () => changeDay(dayOf(Number(time.elements.year.value))));
time.elements.on.addEventListener("change", () => changeDay(time.elements.on.value));
time.addEventListener("submit", (event) => event.preventDefault());

// ---- the same in words
const text = one(".map-text");
async function readText() {
  if (!text.open) return;
  const bounds = map ? map.getBounds().toArray().flat() : setup.extent;
  if (!bounds) return;
  const bbox = bounds.map((side, index) => Math.max(-[180, 90][index % 2], Math.min([180, 90][index % 2], side)).toFixed(6)).join(",");
  try { text.querySelector(".map-text-body").innerHTML = await (await got(`${urls.inside}?${asked({ bbox, as: "text" })}`)).text(); } catch (error) { failed(error); }
}
text.addEventListener("toggle", readText);
text.addEventListener("click", (event) => {
  const hit = event.target.closest("[data-hit]");
  if (hit) openRow(hit.dataset.hit, hit.dataset.key, hit.dataset.bounds).then(() => card.focus()).catch(failed);
});

// ---- overlay
one("[data-overlay]")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const query = new URLSearchParams({ a: form.elements.a.value, b: form.elements.b.value, ...(state.on !== setup.today && { on: state.on }) });
  location.assign(`${urls.overlay}?${query}`);
});

// ---- keys
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    if (!foundBox.hidden) { foundBox.hidden = true; find.elements.q.focus(); return; }
    if (page.classList.contains("is-drawing")) { drawing.clear(); stopTool(); return; }
    if (!card.hidden) closeCard();
    toggleSide(false);
  }
  if (event.target.closest("input, textarea, select")) return;
  const link = event.key === "l" && state.layers.length && page.querySelector(`[data-layer="${state.layers[0]}"] [data-list]`);
  if (link) link.click();
});
document.addEventListener("click", (event) => { if (!event.target.closest("[data-find]")) foundBox.hidden = true; });

// ---- begin
function startView() {
  const [zoom, lat, lng] = state.at.split("/").map(Number);
  if (state.at && [zoom, lat, lng].every(Number.isFinite)) return { center: [lng, lat], zoom };
  const bounds = setup.extent || [73.5, 18, 135.1, 53.6];
  return { bounds: new LngLatBounds(bounds), fitBoundsOptions: { padding: 40, maxZoom: 15 } };
}

function showApproval() {
  const line = one(".map-approval");
  if (setup.base.approval) { line.textContent = fill(words.approval, { number: setup.base.approval }); line.hidden = false; }
}

async function begin() {
  drawSwatches(page);
  showDay();
  showApproval();
  showLegend();
  Object.entries(state.opacity).forEach(([name, share]) => { const range = page.querySelector(`[data-layer="${name}"] [data-opacity]`); if (range) range.value = share; });
  if (!hasWebgl()) { tell(words.no_webgl, true); text.open = true; remember(); return; }
  map = await makeMap("map", setup, startView());
  const canvas = map.getCanvas();
  canvas.setAttribute("aria-label", words.map);
  drawLayers();
  drawing = new Drawing(map, changed);
  map.on("click", (event) => { if (!page.classList.contains("is-drawing") && !drawing.mode) openAt(event.lngLat).catch(failed); });
  map.on("moveend", () => { remember(); readText(); readNames(); showScale(); });
  map.on("idle", showLegend);
  showScale();
  remember();
  if (state.sel) { const [layer, key] = state.sel.split("/"); await openRow(layer, key).catch(failed); }
  page.dataset.ready = "1";
}

function showScale() {
  page.querySelector(".maplibregl-ctrl-scale")?.setAttribute("title", fill(words.scale, { number: roundedScale(map).toLocaleString() }));
}

window.deskMap = { get map() { return map; } };
begin().catch(failed);

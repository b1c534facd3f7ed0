// Drawing on a map with terra-draw, and what the server says of the drawing: area and length on the ellipsoid.
import { TerraDraw, TerraDrawLineStringMode, TerraDrawPointMode, TerraDrawPolygonMode, TerraDrawRectangleMode, TerraDrawSelectMode } from "../vendor/terra-draw.mjs";
import { TerraDrawMapLibreGLAdapter } from "../vendor/terra-draw-maplibre-gl-adapter.mjs";
import { csrf } from "./ground.mjs";

const LINE = "#a3195b";
const area = { fillColor: LINE, fillOpacity: 0.12, outlineColor: LINE, outlineWidth: 2, closingPointColor: LINE, closingPointWidth: 5, closingPointOutlineColor: "#ffffff", closingPointOutlineWidth: 2 };
const line = { lineStringColor: LINE, lineStringWidth: 3, closingPointColor: LINE, closingPointWidth: 5, closingPointOutlineColor: "#ffffff", closingPointOutlineWidth: 2 };
const point = { pointColor: LINE, pointWidth: 6, pointOutlineColor: "#ffffff", pointOutlineWidth: 2 };
const editable = { feature: { draggable: true, coordinates: { midpoints: true, draggable: true, deletable: true } } };
const chosen = {
  selectedPolygonColor: LINE, selectedPolygonFillOpacity: 0.14, selectedPolygonOutlineColor: LINE, selectedPolygonOutlineWidth: 2, selectedLineStringColor: LINE, selectedLineStringWidth: 3,
  selectionPointColor: "#ffffff", selectionPointWidth: 6, selectionPointOutlineColor: LINE, selectionPointOutlineWidth: 2, midPointColor: LINE, midPointWidth: 4, midPointOutlineColor: "#ffffff", midPointOutlineWidth: 1,
};

// How near, in pixels, is on a corner. The 40 of the library end a small plot at its second last corner, and take the second click
// of a double click for the middle of a side; a finger needs more than a mouse.
const pointerDistance = globalThis.matchMedia?.("(pointer: coarse)").matches ? 24 : 10;

// What a mode draws; the points it puts beside (to close a ring, to pull a corner) bear its name too and are none of it.
const DRAWN = { polygon: "Polygon", linestring: "LineString", point: "Point", rectangle: "Polygon" };

// `changed(geometry or null, finished)` is called while a person draws; a new drawing takes the place of the old one.
export class Drawing {
  constructor(map, changed) {
    this.changed = changed;
    this.draw = new TerraDraw({
      adapter: new TerraDrawMapLibreGLAdapter({ map, coordinatePrecision: 8 }),
      modes: [
        new TerraDrawPolygonMode({ styles: area, pointerDistance }),
        new TerraDrawLineStringMode({ styles: line, pointerDistance }),
        new TerraDrawPointMode({ styles: point }),
        new TerraDrawRectangleMode({ styles: area }),
        new TerraDrawSelectMode({ pointerDistance, flags: { polygon: editable, linestring: editable, point: { feature: { draggable: true } } }, styles: chosen }),
      ],
    });
    this.draw.start();
    this.draw.on("change", (ids, kind) => { if (kind !== "styling") this.tell(false); });
    this.draw.on("finish", (id, context) => { this.finished(id, context); });
  }

  shapes() {
    return this.draw.getSnapshot().filter((one) => one.geometry.type === DRAWN[one.properties.mode]);
  }

  tell(isFinished) {
    const shapes = this.shapes();
    this.changed(shapes.length ? shapes[shapes.length - 1].geometry : null, isFinished, this.mode);
  }

  start(mode) {
    this.clear();
    this.mode = mode;
    this.draw.setMode(mode === "box" ? "rectangle" : mode);
  }

  finished(id, context) {
    if (context.action !== "draw") { this.tell(true); return; }
    const mode = this.mode;
    const told = this.shapes().find((one) => one.id === id);
    if (mode === "box") { this.draw.setMode("static"); this.changed(told.geometry, true, mode); this.draw.clear(); return; }
    this.draw.setMode("select");
    if (mode !== "point") this.draw.selectFeature(id);
    this.changed(told.geometry, true, mode);
  }

  show(geometry) {
    this.clear();
    const mode = { Polygon: "polygon", LineString: "linestring", Point: "point" }[geometry.type];
    if (!mode) return false;
    this.mode = mode;
    const [added] = this.draw.addFeatures([{ type: "Feature", geometry, properties: { mode } }]);
    if (added && added.valid) { this.draw.setMode("select"); if (mode !== "point") this.draw.selectFeature(added.id); }
    return Boolean(added && added.valid);
  }

  stop() { this.draw.setMode("static"); this.mode = ""; }

  clear() { this.draw.setMode("static"); this.draw.clear(); this.mode = ""; }
}

export async function measured(address, geometry, signal) {
  const answer = await fetch(address, { method: "POST", credentials: "same-origin", signal, headers: { "Content-Type": "application/geo+json", ...csrf() }, body: JSON.stringify(geometry) });
  return answer.json();
}

const digits = (value, most) => value.toLocaleString("zh-CN", { maximumFractionDigits: most });

export function measures(told, words) {
  const lines = [];
  if (told.mu !== undefined) lines.push([words.area, `${digits(told.mu, 2)} ${words.mu} · ${digits(told.area_m2, 1)} ${words.square_metres} · ${digits(told.hectares, 4)} ${words.hectares}`]);
  if (told.length_m !== undefined) lines.push([told.mu === undefined ? words.length : words.perimeter, told.length_m > 10000 ? `${digits(told.length_m / 1000, 3)} ${words.kilometres}` : `${digits(told.length_m, 1)} ${words.metres}`]);
  return lines;
}

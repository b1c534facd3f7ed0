// The state of the map as it stands in the address bar: layers in their order, what narrows them, the day, the view.

export function readState(setup) {
  const params = new URLSearchParams(location.search);
  const parts = params.has("layers") ? params.get("layers").split(",").filter(Boolean) : setup.shown;
  const known = new Set(setup.layers.map((layer) => layer.id));
  const opacity = {};
  const layers = [...new Set(parts.map((part) => {
    const [name, share] = part.split(":");
    if (share) opacity[name] = Math.min(100, Math.max(10, Number(share) || 100));
    return name;
  }))].filter((name) => known.has(name));
  return { layers, opacity, on: setup.on, at: params.get("at") || "", sel: params.get("sel") || "", bbox: own(params, setup, "bbox") };
}

// A box that came from a list, by layer: kept until the filters of that layer are changed.
function own(params, setup, name) {
  return Object.fromEntries(setup.layers.map((layer) => [layer.id, params.get(`${layer.id}.${name}`)]).filter((pair) => pair[1]));
}

export function address(state, setup, form) {
  const params = new URLSearchParams();
  params.set("layers", state.layers.map((name) => (state.opacity[name] && state.opacity[name] < 100 ? `${name}:${state.opacity[name]}` : name)).join(","));
  if (state.on !== setup.today) params.set("on", state.on);
  for (const [name, value] of form) if (name.includes(".") && value) params.append(name, value);
  Object.entries(state.bbox).forEach(([name, value]) => params.set(`${name}.bbox`, value));
  if (state.sel) params.set("sel", state.sel);
  if (state.at) params.set("at", state.at);
  return params;
}

// What narrows the tiles and the list of one layer.
export function tileQuery(name, state, setup, form) {
  const params = new URLSearchParams();
  if (state.on !== setup.today) params.set("on", state.on);
  for (const [key, value] of form) if (key.startsWith(`${name}.`) && value) params.append(key.slice(name.length + 1), value);
  if (state.bbox[name]) params.set("bbox", state.bbox[name]);
  return params.toString();
}

// A flow as a graph: blocks where Connect's editor puts them, the path taken, and the block that runs now.

const SVG = "http://www.w3.org/2000/svg";
/** Editor units to units of the drawing: the editor's blocks are larger than what is written in these. */
const ACROSS = 0.74;
const DOWN = 0.4;
const WIDTH = 182;
const HEIGHT = 58;
const EDGE = 26;
const LETTERS = 25;

/** `{element, light(steps)}`: an SVG of the picture, and what lights it up. `choose(id)` is called for a block. */
export function graph(picture) {
  const places = new Map(picture.blocks.map((block) => [block.id, { x: block.x * ACROSS, y: block.y * DOWN }]));
  const left = Math.min(...[...places.values()].map(({ x }) => x));
  const top = Math.min(...[...places.values()].map(({ y }) => y));
  for (const place of places.values()) {
    place.x += EDGE - left;
    place.y += EDGE - top;
  }
  spread(places);
  const width = Math.max(...[...places.values()].map(({ x }) => x)) + WIDTH + EDGE;
  const height = Math.max(...[...places.values()].map(({ y }) => y)) + HEIGHT + EDGE;
  const root = s("svg", { class: "graph", role: "img", "aria-label": `${picture.title}: ${picture.blocks.length} blocks`, viewBox: `0 0 ${width} ${height}` });
  const edges = s("g", { class: "edges" });
  const nodes = s("g", { class: "nodes" });
  root.append(edges, nodes);
  const drawn = [];
  for (const block of picture.blocks) {
    const targets = new Map();
    for (const way of block.ways) {
      const same = targets.get(way.to);
      if (same) same.push(way);
      else targets.set(way.to, [way]);
    }
    for (const [to, ways] of targets) {
      if (!places.has(to)) continue;
      const line = s("path", { class: ways.every(({ error }) => error) ? "edge error" : "edge", d: curve(places.get(block.id), places.get(to)) });
      edges.append(line);
      drawn.push({ from: block.id, to, line });
    }
  }
  const boxes = new Map();
  for (const block of picture.blocks) {
    const box = node(block, places.get(block.id), block.id === picture.start);
    boxes.set(block.id, box);
    nodes.append(box);
  }
  return {
    element: root,
    size: { width, height },
    /** The middle of a block. */
    at: (id) => (places.has(id) ? { x: places.get(id).x + WIDTH / 2, y: places.get(id).y + HEIGHT / 2 } : null),
    /** Mark what was passed, and where it stands. */
    light(steps) {
      const passed = new Set(steps.map(({ action }) => action));
      const now = new Set(steps.filter(({ open }) => open).map(({ action }) => action));
      const taken = new Set(steps.filter(({ to }) => to).map(({ action, to }) => `${action}\n${to}`));
      for (const [id, box] of boxes) {
        box.classList.toggle("passed", passed.has(id));
        box.classList.toggle("now", now.has(id));
      }
      for (const { from, to, line } of drawn) {
        const was = line.classList.contains("taken");
        const is = taken.has(`${from}\n${to}`);
        line.classList.toggle("taken", is);
        line.classList.toggle("open", now.has(from));
        if (is && !was) edges.append(line);
      }
    },
  };
}

/** Blocks of one column keep their order, and stand clear of each other. */
function spread(places) {
  const columns = new Map();
  for (const place of places.values()) {
    const key = Math.round(place.x);
    if (!columns.has(key)) columns.set(key, []);
    columns.get(key).push(place);
  }
  for (const column of columns.values()) {
    column.sort((one, other) => one.y - other.y);
    for (let at = 1; at < column.length; at += 1) column[at].y = Math.max(column[at].y, column[at - 1].y + HEIGHT + 16);
  }
}

function node(block, { x, y }, first) {
  const box = s("g", { class: `node-of ${first ? "first" : ""}`, transform: `translate(${x} ${y})` });
  const title = s("title", {});
  title.textContent = [block.kind, block.says].filter(Boolean).join(": ");
  box.append(title, s("rect", { width: WIDTH, height: HEIGHT, rx: 10 }), text(cut(block.title, LETTERS), 11, 19, "node-title"), text(cut(block.kind, 31), 11, 34, "node-kind"));
  if (block.says) box.append(text(cut(block.says, 33), 11, 49, "node-says"));
  return box;
}

function text(words, x, y, name) {
  const element = s("text", { x, y, class: name });
  element.textContent = words;
  return element;
}

function curve(from, to) {
  const [x1, y1, x2, y2] = [from.x + WIDTH, from.y + HEIGHT / 2, to.x, to.y + HEIGHT / 2];
  if (x2 > from.x) {
    const bend = Math.max(22, (x2 - x1) / 2);
    return `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
  }
  // Back to an earlier block: out below, along, and in from beneath.
  const low = Math.max(from.y, to.y) + HEIGHT + 12;
  const [xa, xb] = [from.x + WIDTH / 2, to.x + WIDTH / 2];
  return `M${xa} ${from.y + HEIGHT}C${xa} ${low + 14} ${xb} ${low + 14} ${xb} ${to.y + HEIGHT}`;
}

const cut = (words, most) => (words.length > most ? `${words.slice(0, most - 1).trimEnd()}…` : words);

function s(tag, attributes) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

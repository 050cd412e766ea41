// Puts one part of one page into its places; only what differs is touched, so nothing flickers and no node is lost.
import { draw, library } from "./draw.js";
import { drawn } from "./wall_spark.js";

export function put(name, text, within = document) {
  const node = within.querySelector(`[data-put=${name}]`);
  if (node.textContent !== (text ?? "")) node.textContent = text ?? "";
}

function write(node, text) {
  if (node.textContent !== (text ?? "")) node.textContent = text ?? "";
}

/** Nodes for `count` items, kept from before where they are there; the rest are hidden, not thrown away. */
function places(list, count, fresh) {
  while (list.childElementCount < count) list.append(fresh());
  [...list.children].forEach((node, at) => { node.hidden = at >= count; });
  return [...list.children].slice(0, count);
}

function lines(node, texts, tag) {
  places(node, texts.length, () => document.createElement(tag)).forEach((item, at) => write(item, texts[at]));
}

export function show(wall, page, part, size) {
  const title = part.of > 1 ? `${page.name} ${part.number}/${part.of}` : page.name;
  put("title", title);
  for (const name of ["place", "scope", "until", "mark"]) put(name, wall[name]);
  for (const name of ["due", "silent", "events"]) put(name, page[name]);
  tiles(page.tiles.slice(part.at, part.at + part.count), part, size);
  first(page.first, size);
  loud(page.more.slice(0, size.loud));
  lines(document.querySelector(".wall-more"), page.more.slice(size.loud).map((one) => further(one, size)), "li");
  phone(page.phone, size);
  place(page, part, size);
}

/** The way to a phone; without an address that phones can reach there is none. */
function phone(code, { near }) {
  const figure = document.querySelector(".wall-phone");
  figure.hidden = !code;
  put("phone", code?.caption);
  if (!code) return;
  // Every module is a whole number of pixels: a phone reads edges, and half a pixel is none.
  const width = `${Math.max(2, Math.round((near * 6.4) / (code.size + 8))) * (code.size + 8)}px`;
  if (figure.firstElementChild.style.width !== width) figure.firstElementChild.style.width = width;
  if (figure.dataset.address === code.address) return;
  figure.dataset.address = code.address;
  figure.querySelector("svg").setAttribute("viewBox", `-4 -4 ${code.size + 8} ${code.size + 8}`);
  figure.querySelector("path").setAttribute("d", code.path);
}

const courses = new Map();
/** When letters arrive and lines move, a course is drawn to the space that it then has. */
const watch = new ResizeObserver((seen) => seen.forEach(({ target }) => drawn(target, courses.get(target) ?? null)));

function fresh() {
  const node = document.querySelector("#tile").content.firstElementChild.cloneNode(true);
  watch.observe(node.querySelector(".wall-spark"));
  return node;
}

function tiles(shown, part, { side, tall }) {
  const { columns, rows } = part;
  const board = document.querySelector(".wall-tiles");
  const left = document.querySelector(".wall-left");
  left.style.gridTemplateRows = part.free ? `${rows - part.free}fr ${part.free}fr` : "1fr 0fr";
  left.classList.toggle("wall-free", part.free > 0);
  board.hidden = shown.length === 0;
  board.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`;
  board.style.gridTemplateRows = `repeat(${Math.max(1, rows - part.free)}, minmax(0, 1fr))`;
  places(board, shown.length, fresh).forEach((node, at) => one(node, shown[at], side && !tall));
}

function one(node, tile, apart) {
  const kind = ["wall-tile", tile.tone, tile.hatched && "wall-old", tile.words && "wall-words"].filter(Boolean).join(" ");
  if (node.className !== kind) node.className = kind;
  for (const name of ["name", "value", "unit"]) write(node.querySelector(`.wall-${name}`), tile[name]);
  write(node.querySelector(".wall-state"), [tile.shape, tile.state].filter(Boolean).join(" "));
  const number = node.querySelector(".wall-number");
  number.classList.remove("wall-tight");
  number.classList.toggle("wall-tight", number.scrollWidth > number.clientWidth);
  const facts = apart ? [...tile.against, ...tile.foot] : [tile.against.join(" · "), tile.foot.join(" · ")];
  lines(node.querySelector(".wall-facts"), facts, "div");
  const svg = node.querySelector(".wall-spark");
  courses.set(svg, tile.spark);
  drawn(svg, tile.spark);
}

function first(line, { side }) {
  const node = document.querySelector(".wall-first");
  node.className = `wall-first room ${line.tone}`;
  put("shape", `${line.shape} `);
  put("first", side ? line.text : line.brief);
  put("owner", line.owner);
  put("open", line.open);
  document.querySelector(".wall-owner").hidden = !line.owner;
}

/** The next signals, as large as the first where a wall has the height for them. */
function loud(shown) {
  const list = document.querySelector(".wall-loud");
  list.hidden = shown.length === 0;
  places(list, shown.length, () => document.querySelector("#loud").content.firstElementChild.cloneNode(true))
    .forEach((node, at) => {
      const kind = `wall-next ${shown[at].tone}`;
      if (node.className !== kind) node.className = kind;
      write(node.querySelector(".wall-shape"), `${shown[at].shape} `);
      write(node.querySelector(".wall-told"), shown[at].text);
      write(node.querySelector(".wall-by"), shown[at].owner);
      write(node.querySelector(".wall-open"), shown[at].open);
    });
}

/** One more line for whoever comes near; a small screen has place for the brief sentence only. */
function further(line, { side }) {
  return side ? [`${line.shape} ${line.text}`, line.open].filter(Boolean).join(" · ") : `${line.shape} ${line.brief}`;
}

/** The map stands in the rows that the tiles leave free, else beside the signals, else nowhere. */
function place(page, part, { side, room }) {
  const figure = document.querySelector(".wall-figure");
  const home = document.querySelector(part.free ? ".wall-spare" : ".wall-slot");
  const chart = page.map.chart && (part.free || side) ? page.map : null;
  if (figure.parentElement !== home) home.append(figure);
  figure.hidden = !chart;
  put("maptitle", chart?.title);
  put("mapcaption", chart?.caption);
  put("mapunits", chart?.units);
  const fit = Math.max(0, Math.floor((figure.getBoundingClientRect().height / room - 2.4) / 1.35));
  lines(figure.querySelector(".wall-names"), part.free ? (chart?.names ?? []).slice(0, fit) : [], "li");
}

let asked = "";

/** The chart library is fetched before its first map is due: nobody should see an empty frame. */
export function prepare(wall, root) {
  if (wall.pages.some((page) => page.map.chart)) library(root).catch(() => undefined);
}

/** Draw the map to the space it has; the same map in the same space is not drawn again. */
export async function map(wall, page, root) {
  const node = document.querySelector(".wall-map");
  const { width, height } = node.getBoundingClientRect();
  if (document.querySelector(".wall-figure").hidden || !page.map.chart || width < 20 || height < 20) return;
  const now = `${wall.tag}:${page.id}:${Math.round(width)}:${Math.round(height)}`;
  if (now === asked) return;
  asked = now;
  const { chart } = page.map;
  await draw(node, { ...chart, layout: { ...chart.layout, width, height } }, { root, lang: wall.lang });
}

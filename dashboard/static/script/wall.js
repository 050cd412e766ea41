// The wall: one JSON file asked for every few seconds; only what changed is touched, so nothing flickers.
// Age and connection are watched here in the browser: a server that has stopped cannot say so itself.
import { draw } from "./draw.js";

const EVERY = 5000;
const LOST_AFTER = 10000;
const root = document.body.dataset.root;
const source = `/wall.json${location.search}`;
let tag = "";
let last = Date.now();
let words = {};
let place = null;
let lang = "vi";

async function ask() {
  try {
    const answer = await fetch(source, { cache: "no-store", headers: tag ? { "If-None-Match": tag } : {} });
    if (answer.status === 200) {
      const wall = await answer.json();
      last = Date.now();
      await show(wall);
      tag = answer.headers.get("ETag") ?? "";
    }
    if (answer.status === 200 || answer.status === 304) last = Date.now();
  } catch {
    // The clock below says how long it has been; the last picture stays.
  }
  setTimeout(ask, EVERY);
}

function put(selector, text, within = document) {
  const node = within.querySelector(selector);
  if (node && node.textContent !== text) node.textContent = text ?? "";
}

async function show(wall) {
  words = wall.words;
  document.documentElement.lang = wall.lang;
  document.title = wall.place;
  for (const name of ["place", "scope", "until", "mark", "silent", "maptitle", "mapcaption", "listtitle"]) {
    put(`[data-put=${name}]`, wall[name]);
  }
  const board = document.querySelector(".wall-tiles");
  wall.tiles.forEach((tile, place) => one(board.children[place] ?? board.appendChild(fresh()), tile));
  while (board.children.length > wall.tiles.length) board.lastChild.remove();
  list(wall.lines);
  place = wall.map;
  lang = wall.lang;
  await chart();
}

/** The map fills what the texts leave; when letters arrive and lines move, it is drawn to fit again. */
async function chart() {
  const map = document.querySelector(".wall-map");
  map.hidden = !place;
  if (!place) return;
  const { width, height } = map.getBoundingClientRect();
  if (!width || !height) return;
  await draw(map, { ...place, layout: { ...place.layout, width, height } }, { root, lang });
}

function fresh() {
  return document.querySelector("#tile").content.firstElementChild.cloneNode(true);
}

function one(node, tile) {
  node.className = `wall-tile ${tile.tone} ${tile.hatched ? "ioc-hatched" : ""} ${tile.words ? "wall-words" : ""}`;
  for (const name of ["name", "value", "unit", "shape", "state"]) put(`.wall-${name}`, tile[name], node);
  const spark = node.querySelector("img");
  if (spark.getAttribute("src") !== tile.spark) spark.src = tile.spark;
  spark.hidden = !tile.spark;
}

function list(lines) {
  const node = document.querySelector(".wall-lines");
  if (JSON.stringify(lines) === node.dataset.shown) return;
  node.dataset.shown = JSON.stringify(lines);
  node.replaceChildren(...lines.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  }));
}

/** The least size of text that the farthest seat can read: 5.8 mm of capital height per metre (20' of arc). */
function readable() {
  const parameters = new URLSearchParams(location.search);
  const metres = Math.min(30, Math.max(1, Number(parameters.get("room")) || 3));
  const inches = Math.min(400, Math.max(10, Number(parameters.get("screen")) || 55));
  const pitch = (inches * 25.4) / Math.hypot(window.innerWidth, window.innerHeight);
  const wanted = (5.8 * metres) / 0.7 / pitch;
  // What is too large for nine tiles stays on fewer: below this the screen could not hold three rows.
  const most = window.innerHeight / 27;
  document.documentElement.style.setProperty("--least", `${Math.min(wanted, most)}px`);
}

function tick() {
  const now = new Date();
  put("[data-put=clock]", now.toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", timeZone: document.body.dataset.zone }));
  const silent = Date.now() - last;
  const lost = silent > LOST_AFTER;
  document.body.classList.toggle("wall-lost", lost);
  const seconds = Math.floor(silent / 1000);
  const age = `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
  put("[data-put=lost]", lost ? `${words.lost ?? ""} ${age}` : "");
  // One fresh start a night keeps a screen that hangs for years from growing old.
  if (now.getHours() === 4 && now.getMinutes() === 0 && performance.now() > 120000 && !lost) location.reload();
}

window.addEventListener("keydown", (event) => {
  if (event.key === "b" || event.key === "B") document.body.classList.toggle("wall-black");
});
window.addEventListener("resize", () => { readable(); tag = ""; });
new ResizeObserver(() => chart().catch(() => undefined)).observe(document.querySelector(".wall-map"));
readable();
tick();
setInterval(tick, 1000);
ask();

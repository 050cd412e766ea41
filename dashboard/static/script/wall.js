// The wall: one JSON file asked for every few seconds, shown part by part, alive without anybody beside it.
import { Heart, age, clock, day, isNight, late } from "./wall_live.js";
import { map, prepare, put, show } from "./wall_show.js";
import { asked, sized } from "./wall_size.js";
import { Turn, holding, round } from "./wall_turn.js";

const { root, zone } = document.body.dataset;
const every = Number.parseInt(new URLSearchParams(location.search).get("every") ?? "", 10);
const turn = new Turn(sessionStorage, every >= 1 ? every : null);
const heart = new Heart(`/wall.json${location.search}`, take, refuse);
const minute = Math.floor(Math.random() * 10);
const mode = { awake: false, sleep: false, black: false };
let wall = null;
let size = null;

/** A new board has come: stay where we are and change what differs. */
async function take(found) {
  if (found.assets !== root) location.reload(); // the server has other scripts than this page
  wall = { ...found, tag: `${found.snapshot}:${found.scope}:${found.lang}` };
  document.documentElement.lang = wall.lang;
  document.title = wall.place;
  document.body.classList.remove("wall-refuse", "wall-waiting");
  prepare(wall, root);
  arrange();
  await document.fonts.ready;
  paint();
}

/** Whoever is not known here gets a sentence and no picture. */
function refuse(sentence) {
  wall = null;
  heart.tag = "";
  put("refused", sentence);
  document.body.classList.add("wall-refuse");
}

function measure() {
  size = sized(asked(location.search), window.innerWidth, window.innerHeight);
  document.documentElement.style.setProperty("--room", `${size.room}px`);
  document.documentElement.style.setProperty("--near", `${size.near}px`);
  document.body.classList.toggle("wall-beside", size.side);
  document.body.classList.toggle("wall-tall", size.tall);
}

/** Which pages come now, by the clock of the place. */
function arrange() {
  const held = holding(wall.profile, clock(heart.now(), zone));
  mode.sleep = Boolean(held.sleep) && !mode.awake;
  turn.take(round(wall.pages, held.pages, size), held.every);
}

function paint() {
  if (!wall || !turn.shown) return;
  const page = wall.pages.find((one) => one.id === turn.shown.page);
  show(wall, page, turn.shown, size);
  badges(page);
  requestAnimationFrame(() => map(wall, page, root).catch(() => undefined));
}

/** What is not as it should be, in words: silence of the server before silence of a source. */
function badges(page) {
  const gone = late(wall.sources, day(heart.now(), zone));
  const here = gone.some((one) => page.sources.includes(one.source));
  const lost = heart.isLost;
  put("sources", wall.words.sources.replace("{good}", wall.sources.length - gone.length).replace("{all}", wall.sources.length));
  put("badge", lost ? `◆ ${wall.words.lost} ${age(heart.silence)}` : here ? `◆ ${wall.words.stale}` : "");
  const heard = clock(new Date(heart.now() - heart.silence), zone);
  const notes = [lost && `${wall.words.picture} ${heard}`, turn.paused && `❚❚ ${wall.words.paused}`, size.isCapped && readable()];
  put("note", notes.filter(Boolean).join(" · "));
  document.body.classList.toggle("wall-lost", lost);
}

/** A screen too small for its room says from where its large letters can be read. */
function readable() {
  const metres = new Intl.NumberFormat(wall.lang, { maximumFractionDigits: 1 }).format(Math.floor(size.readable * 10) / 10);
  return wall.words.readable.replace("{metres}", metres);
}

function tick() {
  const now = heart.now();
  put("clock", clock(now, zone));
  document.body.classList.toggle("wall-asleep", mode.sleep);
  document.body.classList.toggle("wall-black", mode.black);
  if (isNight(now, zone, minute) && performance.now() > 120000 && !heart.isLost) location.reload();
  if (!wall) return;
  const was = turn.key;
  if (now.getSeconds() === 0) arrange();
  if (!mode.sleep && turn.second()) arrange();
  document.querySelector(".wall-ring").style.setProperty("--share", turn.share.toFixed(3));
  if (turn.key === was) badges(wall.pages.find((one) => one.id === turn.shown.page));
  else paint();
}

const KEYS = {
  ArrowRight: () => turn.step(1),
  ArrowLeft: () => turn.step(-1),
  ArrowDown: () => turn.step(1),
  ArrowUp: () => turn.step(-1),
  " ": () => { turn.paused = !turn.paused; },
  s: () => { mode.awake = mode.sleep; mode.sleep = !mode.sleep; },
  b: () => { mode.black = !mode.black; },
};

window.addEventListener("keydown", (event) => {
  const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const page = wall?.pages[Number(name) - 1];
  if (mode.sleep && name !== "b") Object.assign(mode, { sleep: false, awake: true });
  else if (/^[1-9]$/.test(name) && page) turn.jump(page.id);
  else if (KEYS[name]) KEYS[name]();
  else return;
  event.preventDefault();
  document.body.classList.toggle("wall-asleep", mode.sleep);
  document.body.classList.toggle("wall-black", mode.black);
  paint();
});
window.addEventListener("resize", () => { measure(); if (wall) { arrange(); paint(); } });
document.fonts.addEventListener("loadingdone", () => paint());
measure();
tick();
setInterval(tick, 1000);
heart.beat();

// Draws every chart of the product with Plotly.react, so that a change moves what changed and blanks nothing.
// Served as a module under /assets/…/script/draw.js; the component and the wall both import it.

let plotly = null;

/** Load the locally served library once; a second caller waits for the same script. */
export function library(root) {
  plotly ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const tag = document.createElement("script");
    tag.src = `${root}/plotly.min.js`;
    tag.onload = () => resolve(register(window.Plotly));
    tag.onerror = () => { plotly = null; reject(new Error("the chart library did not load")); };
    document.head.appendChild(tag);
  });
  return plotly;
}

function register(Plotly) {
  const months = Array.from({ length: 12 }, (_, i) => `Tháng ${i + 1}`);
  Plotly.register({
    moduleType: "locale",
    name: "vi",
    dictionary: { "Click to enter X axis title": "", "Double-click to zoom back out": "Bấm đúp để thu lại" },
    format: {
      days: ["Chủ nhật", "Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy"],
      shortDays: ["CN", "T2", "T3", "T4", "T5", "T6", "T7"],
      months,
      shortMonths: months.map((_, i) => `T${i + 1}`),
      decimal: ",",
      thousands: ".",
      date: "%d/%m/%Y",
    },
  });
  return Plotly;
}

/** Draw `chart` into `node`; the node stays the same element for as long as the page shows it. */
export async function draw(node, chart, { root, lang, onPick }) {
  const Plotly = await library(root);
  const config = {
    locale: lang,
    displayModeBar: false,
    showTips: false,
    responsive: false,
    doubleClick: false,
    scrollZoom: false,
    // Plotly asks for a base map even when it draws our own polygons; the stub keeps the page at home.
    topojsonURL: `${root}/topojson/`,
  };
  // fetch() inside Plotly resolves a GeoJSON path against the page, so a path is enough here.
  node.iocDraw = () => fit(Plotly, node, chart, config);
  await node.iocDraw();
  node.iocPick = onPick;
  if (!node.iocBound) bind(Plotly, node);
  return Plotly;
}

/** Draw to the width there is; where the names leave little room, as many ticks as find a place beside each other. */
async function fit(Plotly, node, chart, config) {
  const layout = fitted(chart.layout, node.clientWidth);
  await Plotly.react(node, chart.data, layout, config);
  const axis = layout.xaxis, room = node._fullLayout?._size?.w;
  if (layout === chart.layout || !room || !axis?.nticks) return;
  const nticks = Math.max(2, Math.floor(room / 48));
  if (nticks < axis.nticks) await Plotly.react(node, chart.data, { ...layout, xaxis: { ...axis, nticks } }, config);
}

/** On a narrow screen fewer ticks are written, so that none of them has to lie on its side. */
function fitted(layout, width) {
  if (!width || width >= 480) return layout;
  const narrow = { ...layout, margin: { ...layout.margin, r: Math.min(layout.margin?.r ?? 0, 104) } };
  // A heading inside the picture grows towards the names, where there is room, and not out of the frame.
  narrow.annotations = layout.annotations?.map((one) =>
    (one.xref === "paper" && one.x === 0 ? { ...one, x: 1, xanchor: "right" } : one));
  const names = layout.yaxis?.ticktext;
  // Names take two fifths of the width at most; the table beside the chart has them whole.
  if (names) narrow.yaxis = { ...layout.yaxis, ticktext: names.map((name) => shortened(name, (width * 0.4) / 6.6)) };
  if (layout.geo?.domain?.x[1] < 1) beneath(narrow);
  for (const key of Object.keys(layout).filter((name) => name.startsWith("xaxis"))) {
    const axis = { ...layout[key], tickangle: 0 };
    if (axis.tickvals?.length > 4 && !axis.ticktext) {
      const step = Math.ceil(axis.tickvals.length / 4);
      axis.tickvals = axis.tickvals.filter((_, place) => (axis.tickvals.length - 1 - place) % step === 0);
    }
    if (axis.nticks) axis.nticks = 4;
    narrow[key] = axis;
  }
  return narrow;
}

function shortened(text, letters) {
  return text.length <= letters ? text : `${text.slice(0, Math.floor(letters) - 1).trimEnd()}…`;
}

/** The legend of a map beside it where there is room, below it where there is none. */
function beneath(layout) {
  const share = layout.geo.domain.x[1];
  const left = (x) => x - share;
  const low = (y) => 0.3 - (0.96 - y) * 0.67;
  layout.geo = { ...layout.geo, domain: { x: [0, 1], y: [0.34, 1] } };
  layout.shapes = layout.shapes?.map((one) => (one.x0 < share ? one
    : { ...one, x0: left(one.x0), x1: left(one.x1), y0: low(one.y0), y1: low(one.y1) }));
  layout.annotations = layout.annotations?.map((one) =>
    (one.xref === "paper" && one.x >= share ? { ...one, x: left(one.x), y: low(one.y) } : one));
}

function bind(Plotly, node) {
  node.iocBound = true;
  node.on("plotly_click", (event) => {
    const point = event.points?.[0];
    const code = point?.customdata ?? point?.location ?? null;
    if (code !== null && node.iocPick) node.iocPick(String(code));
  });
  let width = node.clientWidth;
  node.iocWatch = new ResizeObserver(() => {
    if (!node.isConnected || node.clientWidth === width || node.clientWidth === 0) return;
    width = node.clientWidth;
    node.iocDraw();
  });
  node.iocWatch.observe(node);
}

/** Give back what a chart holds; called when its place on the page is gone. */
export function release(node) {
  node.iocWatch?.disconnect();
  if (window.Plotly) window.Plotly.purge(node);
}

/** The chart as a picture ("png" or "svg") with its title, `notes` below it and the fonts inside; a Blob. */
export async function picture(node, { root, format, title, notes, ink, paper, font }) {
  const Plotly = await library(root);
  const width = 1200;
  const below = 28 + 17 * notes.length;
  const height = Math.max(480, Math.round((node.layout.height ?? 400) + 112 + below));
  const lines = {
    text: notes.map(plain).join("<br>"), xref: "paper", yref: "paper", x: 0, y: 0, xanchor: "left", yanchor: "top", yshift: -32,
    showarrow: false, align: "left", font: { size: 12, color: ink, family: font },
  };
  const layout = {
    ...node.layout, width, height, autosize: false, paper_bgcolor: paper, plot_bgcolor: paper,
    margin: { ...node.layout.margin, t: 84, b: 40 + below, l: 24, r: (node.layout.margin?.r ?? 16) + 16 },
    title: { text: plain(title), x: 0.02, xanchor: "left", y: 0.97, yanchor: "top", font: { size: 20, color: ink, family: font } },
    annotations: [...(node.layout.annotations ?? []), lines],
  };
  const drawn = { data: node.data, layout, config: { topojsonURL: `${root}/topojson/`, locale: document.documentElement.lang } };
  const url = await Plotly.toImage(drawn, { format: "svg", width, height });
  return finished(decodeURIComponent(url.slice(url.indexOf(",") + 1)), { root, format, width, height });
}

/** A drawn `svg` with its fonts inside, as it is or as points, two for each of its own. */
export async function finished(drawn, { root, format, width, height }) {
  const svg = await withFonts(drawn, root);
  return format === "svg" ? new Blob([svg], { type: "image/svg+xml" }) : points(svg, width * 2, height * 2);
}

/** Plotly reads a little HTML in its texts; ours are words. */
function plain(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

async function points(svg, width, height) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

/** A picture outside the page cannot fetch our fonts, so they travel inside it. */
async function withFonts(svg, root) {
  const rules = await (await fetch(`${root}/fonts.css`)).text();
  const wanted = [...rules.matchAll(/@font-face\{[^}]*\}/g)].map((m) => m[0])
    .filter((rule) => /-(vietnamese|latin)-(400|600)-/.test(rule));
  const inlined = await Promise.all(wanted.map(async (rule) => {
    const path = rule.match(/url\(([^)]*)\)/)[1];
    const bytes = new Uint8Array(await (await fetch(path)).arrayBuffer());
    const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
    return rule.replace(path, `data:font/woff2;base64,${btoa(text)}`);
  }));
  return svg.replace(/<svg([^>]*)>/, `<svg$1><style>${inlined.join("")}</style>`);
}

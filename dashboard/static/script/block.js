// One chart on a screen: the picture, its table, and the buttons to switch and to save, without a server round trip.
import { draw, release } from "./draw.js";

export function block(component, root) {
  const { data, parentElement, setTriggerValue } = component;
  const holder = parentElement.querySelector(".ioc-chart");
  const plot = holder.querySelector(".ioc-plot");
  plot.style.height = `${data.chart.layout.height}px`;
  plot.setAttribute("aria-label", data.summary);
  holder.iocData = data;
  // Words first: they stand there also while the library is still on its way, or never comes.
  say(holder, "h2", data.title);
  say(holder, ".ioc-told", data.summary);
  say(holder, ".ioc-caption", data.caption);
  if (!holder.iocReady) prepare(holder);
  for (const format of ["png", "svg", "csv", "xlsx"]) {
    const button = holder.querySelector(`.ioc-${format}`);
    button.hidden = !data.formats.includes(format);
    button.onclick = () => setTriggerValue("export", format);
  }
  label(holder, data);
  // A table that nobody looks at is not built: it has many more nodes than the chart.
  if (holder.classList.contains("ioc-as-table")) fill(holder.querySelector("table"), data.table);
  const onPick = data.pick ? (code) => setTriggerValue("picked", code) : null;
  plot.classList.toggle("ioc-can-pick", Boolean(data.pick));
  draw(plot, data.chart, { root, lang: data.lang, onPick }).catch(() => holder.classList.add("ioc-failed"));
  return () => release(plot);
}

/** Write `text`, and only where it differs: what stays the same is not laid out again. */
function say(holder, where, text) {
  const place = holder.querySelector(where);
  if (place.textContent !== text) place.textContent = text;
  place.hidden = !text;
}

function prepare(holder) {
  holder.iocReady = true;
  holder.querySelector(".ioc-toggle").onclick = (event) => {
    const shown = holder.classList.toggle("ioc-as-table");
    event.currentTarget.setAttribute("aria-pressed", String(shown));
    if (shown) fill(holder.querySelector("table"), holder.iocData.table);
    label(holder, holder.iocData);
  };
}

function label(holder, data) {
  const asTable = holder.classList.contains("ioc-as-table");
  holder.querySelector(".ioc-toggle").textContent = asTable ? data.words.chart : data.words.table;
  for (const format of data.formats) holder.querySelector(`.ioc-${format}`).textContent = data.words[format];
  holder.querySelector(".ioc-png").title = data.words.save;
  holder.querySelector(".ioc-svg").title = data.words.save;
}

function fill(table, { columns, rows }) {
  const line = (cells, tag) => {
    const tr = document.createElement("tr");
    cells.forEach((text, place) => {
      const cell = document.createElement(tag);
      cell.textContent = text ?? "";
      if (columns[place].number) cell.className = "ioc-number";
      tr.appendChild(cell);
    });
    return tr;
  };
  const head = document.createElement("thead");
  const body = document.createElement("tbody");
  head.appendChild(line(columns.map((column) => column.name), "th"));
  rows.forEach((row) => body.appendChild(line(row, "td")));
  table.replaceChildren(head, body);
}

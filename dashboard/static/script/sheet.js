// A table as a picture: the same texts as on the screen, ruled by thin lines, for slides and messages.
const ROWS = 60; // more would be too small to read on any slide; the workbook has them all
const LINE = 26, SIDE = 24, GAP = 28, WIDEST = 420, SIZE = 14;

/** An SVG and its size: `title`, then `columns` (name, number) over `rows`, then `notes`; `more` tells what was left out. */
export function sheet({ title, table, notes, more, ink, paper, font }) {
  const rows = table.rows.slice(0, ROWS);
  const left = table.rows.length - rows.length;
  const below = left ? [more.replace("{n}", left), ...notes] : notes;
  const wide = ruler(font);
  const widths = table.columns.map((column, at) =>
    Math.min(WIDEST, Math.max(wide(column.name, SIZE, 600), ...rows.map((row) => wide(row[at] ?? "", SIZE, 400)))));
  const width = Math.ceil(Math.max(
    720, 2 * SIDE + widths.reduce((sum, one) => sum + one + GAP, -GAP), 2 * SIDE + wide(title, 20, 600),
    ...below.map((text) => 2 * SIDE + wide(text, 12, 400))));
  const height = 84 + (rows.length + 1) * LINE + 24 + below.length * 18;
  const pen = { wide, widths, columns: table.columns };
  const lines = [
    write(title, SIDE, 44, 20, 600),
    ...line(pen, table.columns.map((column) => column.name), 84, 600),
    ...rows.flatMap((row, at) => line(pen, row, 84 + (at + 1) * LINE, 400)),
    ...rows.map((_, at) => rule(84 + at * LINE + 9, width)),
    ...below.map((text, at) => write(text, SIDE, 84 + (rows.length + 1) * LINE + 20 + at * 18, 12, 400)),
  ];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" `
    + `font-family="${escaped(font)}" fill="${ink}"><rect width="100%" height="100%" fill="${paper}"/>${lines.join("")}</svg>`;
  return { svg, width, height };
}

function ruler(font) {
  const pen = document.createElement("canvas").getContext("2d");
  return (text, size, weight) => {
    pen.font = `${weight} ${size}px ${font}`;
    return pen.measureText(text).width;
  };
}

function line({ wide, widths, columns }, cells, y, weight) {
  let x = SIDE;
  return columns.map((column, at) => {
    const text = cut(cells[at] ?? "", widths[at], (one) => wide(one, SIZE, weight));
    const drawn = column.number ? write(text, x + widths[at], y, SIZE, weight, "end") : write(text, x, y, SIZE, weight);
    x += widths[at] + GAP;
    return drawn;
  });
}

function cut(text, room, wide) {
  if (wide(text) <= room + 1) return text;
  let kept = text;
  while (kept && wide(`${kept}…`) > room) kept = kept.slice(0, -1);
  return `${kept.trimEnd()}…`;
}

function write(text, x, y, size, weight, anchor = "start") {
  return `<text x="${x}" y="${y}" font-size="${size}" font-weight="${weight}" text-anchor="${anchor}">${escaped(text)}</text>`;
}

function rule(y, width) {
  return `<path d="M${SIDE} ${y}H${width - SIDE}" stroke="currentColor" stroke-opacity=".25"/>`;
}

function escaped(text) {
  return String(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}

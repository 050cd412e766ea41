// How large letters must be, and how many tiles then fit: geometry of the room, never taste.

/** Millimetres of capital height per metre of distance: 20 minutes of arc. */
const MM_PER_METRE = 5.8;
/** What is read on approach is read from two metres. */
const APPROACH_MM = 11.6;
/** Capital height of Be Vietnam Pro as a share of its font size. */
export const CAPITAL = 0.7;
const TILE = { width: 12.3, height: 6.2 };
const SIDE = 14;
const MOST = { columns: 4, rows: 3 };
/** Below so many letters' widths and heights not even one tile with its signal stands on the screen. */
const LEAST = { width: 15, height: 13 };

const within = (text, low, high, usual) => {
  const number = Number.parseFloat(text ?? "");
  return Number.isFinite(number) && number > 0 ? Math.min(high, Math.max(low, number)) : usual;
};

/** Heights in letters for the room that a side needs for its first signal, its map and its small lines. */
const FULL_SIDE = 32;
const SIGNAL = 7.5;
/** Lines of small letters under name and value from which on a course stands above its facts. */
const TALL = 9;

/** Room in metres and screen in inches, as the address names them. */
export function asked(search) {
  const named = new URLSearchParams(search);
  return { metres: within(named.get("room"), 1, 20, 5), inches: within(named.get("screen"), 10, 400, 55) };
}

/** Sizes in CSS px, the number of columns and rows, and where the signals stand. */
export function sized({ metres, inches }, width, height) {
  const pitch = (inches * 25.4) / Math.hypot(width, height);
  const wanted = Math.max(MM_PER_METRE * metres, APPROACH_MM) / CAPITAL / pitch;
  const room = Math.min(wanted, width / LEAST.width, height / LEAST.height);
  const near = Math.min(room, APPROACH_MM / CAPITAL / pitch);
  const readable = (room * pitch * CAPITAL) / MM_PER_METRE;
  const space = grid(width / room, height / room);
  const tall = space.side && (((height / room - 2.4) / space.rows - 3.5) * room) / near >= TALL;
  return { room, near, pitch, readable, isCapped: room < wanted - 0.01, tall, loud: loud(height / room, space), ...space };
}

/** How many further signals have room in large letters too. */
function loud(high, { side }) {
  return side ? Math.max(0, Math.min(3, Math.floor((high - FULL_SIDE) / SIGNAL))) : 0;
}

function grid(wide, high) {
  const fit = (space, one, most) => Math.max(1, Math.min(most, Math.floor(space / one)));
  if (wide >= SIDE + 2 * TILE.width) {
    const columns = fit(wide - SIDE, TILE.width, MOST.columns);
    return { side: true, columns, rows: fit(high - 2.4, TILE.height, MOST.rows) };
  }
  return { side: false, columns: fit(wide, TILE.width, MOST.columns), rows: fit(high - 6.2, 4.9, MOST.rows) };
}

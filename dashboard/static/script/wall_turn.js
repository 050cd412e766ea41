// Which part of which page is shown, and for how long: attention first, at the hours that the data name.

/** Parts of a page: its tiles in their fixed order, as many at once as fit; a map takes what they leave free, and
    without one the tiles of a page that fits as a whole share the screen among themselves. */
export function parts(page, { columns, rows, side }) {
  const fit = columns * rows;
  const many = Math.max(1, Math.ceil(page.tiles.length / fit));
  const found = Array.from({ length: many }, (_, at) => {
    const count = Math.min(fit, page.tiles.length - at * fit);
    const used = Math.ceil(count / columns);
    if (many === 1 && count && !page.map.chart) {
      return { page: page.id, at: 0, count, free: 0, rows: used, columns: Math.ceil(count / used) };
    }
    return { page: page.id, at: at * fit, count, free: rows - used, rows, columns };
  });
  if (page.map.chart && !side && found.at(-1).free === 0) {
    found.push({ page: page.id, at: page.tiles.length, count: 0, free: rows, rows, columns });
  }
  return found.map((part, at) => ({ ...part, key: `${page.id}:${at}`, number: at + 1, of: found.length }));
}

/** The whole round: pages that call for attention come first, and once more in the middle. */
export function round(pages, names, size) {
  const named = names.map((name) => pages.find((page) => page.id === name)).filter(Boolean);
  const all = named.length ? named : pages;
  const loud = all.filter((page) => page.attention);
  const calm = all.filter((page) => !page.attention);
  const half = Math.ceil(calm.length / 2);
  const again = calm.length ? loud : [];
  const order = [...loud, ...calm.slice(0, half), ...again, ...calm.slice(half)];
  return order.flatMap((page) => parts(page, size));
}

/** Which of a profile's times of day holds now ("HH:MM" in the zone of the place), or the profile itself. */
export function holding(profile, clock) {
  const holds = ({ from, until }) => (from <= until ? from <= clock && clock < until : from <= clock || clock < until);
  return profile.times.find(holds) ?? { ...profile, sleep: false };
}

/** The place in the round; it survives a new snapshot, a lost server and a reload. */
export class Turn {
  constructor(store, every) {
    this.store = store;
    this.named = every;
    this.round = [];
    this.place = Number(store.getItem("wall.place")) || 0;
    this.key = store.getItem("wall.key");
    this.paused = false;
    this.spent = 0;
  }

  /** Take a new round and stay at the part that is shown. */
  take(round, every) {
    this.every = this.named ?? every;
    this.round = round;
    if (round[this.place]?.key === this.key) return;
    const found = round.findIndex((part) => part.key === this.key);
    if (found < 0) this.spent = 0;
    this.go(Math.max(0, found));
  }

  get shown() {
    return this.round[this.place];
  }

  go(place) {
    this.place = (place + this.round.length) % Math.max(1, this.round.length);
    this.key = this.shown?.key ?? null;
    this.store.setItem("wall.place", this.place);
    this.store.setItem("wall.key", this.key);
  }

  step(by) {
    this.spent = 0;
    this.go(this.place + by);
  }

  /** To the first part of a page, by its number on the keyboard. */
  jump(page) {
    const found = this.round.findIndex((part) => part.page === page);
    if (found < 0) return;
    this.spent = 0;
    this.go(found);
  }

  /** One second has gone; true when the next part is due. */
  second() {
    if (this.paused || this.round.length < 2) return false;
    this.spent += 1;
    if (this.spent < this.every) return false;
    this.step(1);
    return true;
  }

  get share() {
    return this.round.length < 2 ? 0 : Math.min(1, this.spent / this.every);
  }
}

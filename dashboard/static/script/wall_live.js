// Whether the wall still speaks the truth is watched here in the browser: a server that has stopped cannot say so.

const EVERY = 5000;
/** Asked every 5 s and told lost after 9: within ten seconds of the last thing that was certain. */
const LOST_AFTER = 9000;
/** A frozen server holds a question for ever; giving up early is what makes the wall come back by itself. */
const PATIENCE = 4000;

/** Asks for the wall every few seconds; hands on what is new and remembers when it last heard anything. */
export class Heart {
  constructor(source, onNew, onRefused) {
    Object.assign(this, { source, onNew, onRefused, tag: "", heard: null, drift: 0, began: performance.now() });
  }

  async beat() {
    const begun = performance.now();
    this.soon = false;
    try {
      await this.ask();
    } catch {
      // The badge says how long it has been; the last good picture stays.
    }
    performance.clearResourceTimings(); // the browser keeps a note of every question, and nobody here reads them
    const asked = performance.now() - begun;
    // A server that expects newer numbers holds the question: who has waited there need not wait here.
    setTimeout(() => this.beat(), this.soon ? Math.max(200, 1000 - asked) : Math.max(1000, EVERY - asked));
  }

  async ask() {
    const headers = this.tag ? { "If-None-Match": this.tag, Prefer: "wait=2" } : {};
    const answer = await fetch(this.source, { cache: "no-store", headers, signal: AbortSignal.timeout(PATIENCE) });
    this.soon = answer.headers.has("Retry-After"); // a newer board, or newer numbers, are being made
    if (answer.status === 403) return this.onRefused((await answer.json()).error);
    if (answer.status === 200) {
      const wall = await answer.json();
      this.hear(answer);
      await this.onNew(wall);
      this.tag = answer.headers.get("ETag") ?? "";
    } else if (answer.status === 304) {
      this.hear(answer);
    }
  }

  hear(answer) {
    this.heard = performance.now();
    const server = Date.parse(answer.headers.get("Date") ?? "");
    // A screen whose own clock is wrong still shows the time of the server.
    if (Number.isFinite(server)) this.drift = Math.abs(server - Date.now()) > 2000 ? server - Date.now() : 0;
  }

  /** The time by the server's clock. */
  now() {
    return new Date(Date.now() + this.drift);
  }

  /** Milliseconds of silence. */
  get silence() {
    return performance.now() - (this.heard ?? this.began);
  }

  get isLost() {
    return this.silence > LOST_AFTER;
  }
}

const formats = new Map();

/** A format is made once: one a second for months would be somebody's memory. */
function told(moment, locale, options) {
  const key = `${locale}:${JSON.stringify(options)}`;
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat(locale, options));
  return formats.get(key).format(moment);
}

/** "HH:MM" of a moment in the zone of the place. */
export function clock(moment, zone) {
  return told(moment, "en-GB", { hour: "2-digit", minute: "2-digit", timeZone: zone });
}

/** "YYYY-MM-DD" of a moment in the zone of the place. */
export function day(moment, zone) {
  return told(moment, "en-CA", { timeZone: zone, dateStyle: "short" });
}

/** "MM:SS" of a silence. */
export function age(milliseconds) {
  const seconds = Math.floor(milliseconds / 1000);
  return `${String(Math.floor(seconds / 60)).padStart(2, "0")}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Sources whose last day in time has passed: it passes here too when nobody tells us. */
export function late(sources, today) {
  return sources.filter((one) => one.silent || (one.due !== null && one.due < today));
}

/** Whether it is the hour of the nightly fresh start, at a minute of this screen's own: not all walls at once. */
export function isNight(moment, zone, minute) {
  return clock(moment, zone) === `04:${String(minute).padStart(2, "0")}`;
}

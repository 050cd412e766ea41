// The course of thirteen months as one drawing that is changed in place: lines as thick as the room asks for.

const NAMES = ["band", "edge", "goal", "event", "line", "dot"];
const SPACE = "http://www.w3.org/2000/svg";

function pieces(svg) {
  if (!svg.childElementCount) {
    for (const name of NAMES) {
      const path = document.createElementNS(SPACE, "path");
      path.setAttribute("class", `wall-${name}`);
      svg.append(path);
    }
  }
  return Object.fromEntries(NAMES.map((name, at) => [name, svg.children[at]]));
}

/** Draw `spark` (null: nothing) into `svg` at its present size. */
export function drawn(svg, spark) {
  const { width, height } = svg.getBoundingClientRect();
  const path = pieces(svg);
  const told = spark && width && height ? shapes(spark, width, height) : {};
  svg.setAttribute("viewBox", `0 0 ${width || 1} ${height || 1}`);
  path.edge.classList.toggle("wall-provisional", Boolean(spark?.provisional));
  for (const name of NAMES) {
    if (path[name].getAttribute("d") !== (told[name] ?? "")) path[name].setAttribute("d", told[name] ?? "");
  }
}

function shapes({ values, lower, upper, target, events, since }, width, height) {
  const seen = values.filter((value) => value !== null);
  const reach = Math.max(...seen) - Math.min(...seen) || Math.abs(seen[0]) * 0.1 || 1;
  const isNear = target !== null && target >= Math.min(...seen) - 2 * reach && target <= Math.max(...seen) + 2 * reach;
  const edges = [lower, upper].filter((edge) => edge !== null);
  const all = [...seen, ...edges, ...(isNear ? [target] : [])];
  const [low, high] = [Math.min(...all), Math.max(...all)];
  const pad = height * 0.12;
  const x = (at) => (pad + (at * (width - 2 * pad)) / Math.max(1, values.length - 1)).toFixed(1);
  const y = (value) => (height - pad - ((value - low) / (high - low || 1)) * (height - 2 * pad)).toFixed(1);
  const last = values.findLastIndex((value) => value !== null);
  const across = (value, from = "0") => `M${from} ${y(value)}H${width.toFixed(1)}`;
  // A usual range that begins anew says nothing of the months before: its band begins there, at a dotted line.
  const begun = since ? x(since - 0.5) : "0";
  return {
    band: edges.length === 2 ? `${across(upper, begun)}V${y(lower)}H${begun}Z` : "",
    edge: edges.map((edge) => across(edge, begun)).join(""),
    goal: isNear ? across(target) : "",
    event: [...events, ...(since ? [since - 0.5] : [])].map((at) => `M${x(at)} 0V${height.toFixed(1)}`).join(""),
    line: line(values, x, y),
    dot: `M${x(last)} ${y(values[last])}h0.01`,
  };
}

/** A month without a number is a gap, never a line through it. */
function line(values, x, y) {
  return values.map((value, at) => {
    if (value === null) return "";
    const starts = at === 0 || values[at - 1] === null;
    return `${starts ? "M" : "L"}${x(at)} ${y(value)}`;
  }).join("");
}

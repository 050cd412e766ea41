// What a reader would be ashamed of: text cut off, text on text, a page that scrolls sideways. Gives a list of words.
() => {
  const complaints = [];
  const hides = (value) => ["hidden", "clip"].includes(value);
  const scrolls = (value) => ["auto", "scroll"].includes(value);
  // Knows also what lies in a folded part.
  const isVisible = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const parents = function* (element) {
    for (let one = element; one && one !== document.body; one = one.parentElement) yield one;
  };
  // Only what stands inside every scrolling box around it can be seen.
  const seen = (element, box) => {
    let { left, top, right, bottom } = box;
    for (const one of parents(element)) {
      const style = getComputedStyle(one);
      if (!scrolls(style.overflowX) && !scrolls(style.overflowY)) continue;
      const frame = one.getBoundingClientRect();
      [left, top] = [Math.max(left, frame.left), Math.max(top, frame.top)];
      [right, bottom] = [Math.min(right, frame.right), Math.min(bottom, frame.bottom)];
    }
    return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null;
  };
  const pieces = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element || ["SCRIPT", "STYLE", "NOSCRIPT", "OPTION"].includes(element.tagName)) continue;
    if (!isVisible(element) || element.closest("[aria-hidden=true], [hidden]")) continue;
    if (text === "Skip to main content") continue; // Streamlit's own, outside the page until the keyboard asks for it
    const range = document.createRange();
    range.selectNodeContents(walker.currentNode);
    for (const box of range.getClientRects()) {
      const part = box.width > 1 && box.height > 1 ? seen(element, box) : null;
      if (part) pieces.push({ element, text, box: part });
    }
  }
  for (const { element, text, box } of pieces) {
    for (const one of parents(element)) {
      const style = getComputedStyle(one);
      if (scrolls(style.overflowX) || scrolls(style.overflowY)) break;
      const frame = one.getBoundingClientRect();
      const across = hides(style.overflowX) && (box.right > frame.right + 2 || box.left < frame.left - 2);
      const down = hides(style.overflowY) && (box.bottom > frame.bottom + 3 || box.top < frame.top - 3);
      if ((across && style.textOverflow !== "ellipsis") || down) {
        complaints.push(`cut off: "${text.slice(0, 50)}"`);
        break;
      }
    }
  }
  for (const { element, text, box } of pieces) {
    const frame = element.closest("svg") && element.closest(".ioc-plot, .wall-map")?.getBoundingClientRect();
    if (frame && (box.left < frame.left - 3 || box.right > frame.right + 3)) complaints.push(`out of its picture: "${text.slice(0, 50)}"`);
  }
  const floats = (element) => [...parents(element)].some((one) => ["fixed", "sticky"].includes(getComputedStyle(one).position));
  pieces.forEach((a, place) => pieces.slice(place + 1).forEach((b) => {
    if (a.element === b.element || a.element.contains(b.element) || b.element.contains(a.element)) return;
    const width = Math.min(a.box.right, b.box.right) - Math.max(a.box.left, b.box.left);
    const height = Math.min(a.box.bottom, b.box.bottom) - Math.max(a.box.top, b.box.top);
    const least = Math.min(a.box.bottom - a.box.top, b.box.bottom - b.box.top);
    if (width > 2 && height > 0.35 * least && floats(a.element) === floats(b.element))
      complaints.push(`on top of each other: "${a.text.slice(0, 40)}" and "${b.text.slice(0, 40)}"`);
  }));
  const main = document.querySelector("[data-testid=stMain]");
  for (const one of [document.documentElement, main].filter(Boolean))
    if (one.scrollWidth > one.clientWidth + 1) complaints.push(`sideways: ${one.scrollWidth} > ${one.clientWidth}`);
  return [...new Set(complaints)].slice(0, 12);
}

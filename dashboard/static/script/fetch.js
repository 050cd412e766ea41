// Takes a file from the export counter: the ticket in its address works once, so it is asked for once.
import { finished, picture } from "./draw.js";
import { sheet } from "./sheet.js";

let taken = "";

export function fetch({ data }, root) {
  if (!data.path || data.path === taken || !data.path.startsWith("/export/")) return;
  taken = data.path;
  if (data.format) bring(data, root);
  else keep(data.path, "");
}

/** A picture is drawn here and shown at the counter; only when it is written down there is it kept here. */
async function bring({ path, format, file, notes, table }, root) {
  const holder = [...document.querySelectorAll(".ioc-chart")].find((one) => one.iocData?.file === file);
  const shown = table ?? holder?.iocData;
  if (!shown) return;
  const asTable = table || holder.classList.contains("ioc-as-table");
  try {
    const told = { ...shown, more: shown.words.more, notes, root, format };
    const blob = asTable ? await onSheet(told) : await picture(holder.querySelector(".ioc-plot"), told);
    const answer = await window.fetch(path, { method: "POST", body: blob });
    if (!answer.ok) throw new Error(String(answer.status));
    const address = URL.createObjectURL(blob);
    keep(address, (await answer.json()).name);
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  } catch {
    if (holder) holder.querySelector(`.ioc-${format}`).textContent = shown.words.refused;
  }
}

function onSheet(told) {
  const { svg, width, height } = sheet(told);
  return finished(svg, { root: told.root, format: told.format, width, height });
}

function keep(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

// Takes a file from the export counter: the ticket in its address works once, so it is asked for once.
import { picture } from "./draw.js";

let taken = "";

export function fetch({ data }, root) {
  if (!data.path || data.path === taken || !data.path.startsWith("/export/")) return;
  taken = data.path;
  if (data.format) bring(data, root);
  else keep(data.path, "");
}

/** A picture is drawn here and shown at the counter; only when it is written down there is it kept here. */
async function bring({ path, format, file, notes }, root) {
  const holder = [...document.querySelectorAll(".ioc-chart")].find((one) => one.iocData?.file === file);
  if (!holder) return;
  const { title, ink, paper, font, words } = holder.iocData;
  const button = holder.querySelector(`.ioc-${format}`);
  try {
    const blob = await picture(holder.querySelector(".ioc-plot"), { root, format, title, notes, ink, paper, font });
    const answer = await window.fetch(path, { method: "POST", body: blob });
    if (!answer.ok) throw new Error(String(answer.status));
    const address = URL.createObjectURL(blob);
    keep(address, (await answer.json()).name);
    setTimeout(() => URL.revokeObjectURL(address), 10000);
  } catch {
    button.textContent = words.refused;
  }
}

function keep(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

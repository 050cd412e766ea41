// Lets a link to another view of this page travel over the open session instead of loading everything again.
// Every link stays a real link: it can be copied, opened in a new tab, and works when this script does not.

export function links(component) {
  document.documentElement.lang = component.data.lang;
  document.title = component.data.title;
  window.iocGo = (query) => component.setTriggerValue("go", query);
  if (window.iocLinked) return;
  window.iocLinked = true;
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey) return;
    const link = event.target.closest?.("a[data-go]");
    if (!link) return;
    event.preventDefault();
    window.iocGo(new URL(link.href, location.href).search);
  });
}

// Runs before the page's own program: the theme stands in the URL, so that a link looks the same everywhere.
(() => {
  const wanted = new URLSearchParams(location.search).get("theme") === "dim" ? "Dark" : "Light";
  try {
    localStorage.setItem(`stActiveTheme-${location.pathname}-v2`, JSON.stringify(wanted));
  } catch {
    // A browser that keeps nothing shows its own preference; every number stays the same.
  }
  document.documentElement.dataset.theme = wanted === "Dark" ? "dim" : "light";
})();

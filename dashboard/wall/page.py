"""The wall's page: empty places that `wall.js` fills and refreshes; nothing on it can be clicked."""

from __future__ import annotations

import html
from typing import Final

from dashboard.assets import ROOT
from dashboard.running import Running
from dashboard.url import View

_PAGE: Final = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/favicon.png">
<link rel="stylesheet" href="{root}/look.css">
</head>
<body class="wall" data-root="{root}" data-zone="{zone}">
<header class="wall-head"><b data-put="place"></b>
<span class="wall-quiet" data-put="scope"></span>
<span class="wall-quiet" data-put="until"></span><span class="wall-clock" data-put="clock"></span></header>
<main class="wall-body">
<section class="wall-tiles"></section>
<aside class="wall-side"><h2 data-put="maptitle"></h2><div class="wall-map"></div>
<div class="wall-quiet" data-put="mapcaption"></div><h2 data-put="listtitle"></h2><ul class="wall-lines"></ul></aside>
</main>
<footer class="wall-foot-bar"><span data-put="mark"></span><span data-put="silent"></span>
<span data-put="lost"></span></footer>
<template id="tile"><div class="wall-tile"><div class="wall-name"></div>
<div class="wall-number"><span class="wall-value"></span><span class="wall-unit"></span>
<span class="wall-shape"></span></div>
<div class="wall-state"></div><img alt=""></div></template>
<script type="module" src="{root}/script/wall.js"></script>
</body>
</html>
"""


def wall_page(view: View, title: str, running: Running) -> str:
    """The page for a view; its numbers come later and only from `/wall.json`."""
    zone = running.snapshots.current().publication.place.get("time_zone", "Asia/Ho_Chi_Minh")
    return _PAGE.format(
        lang=view.language, theme=view.look, title=html.escape(title), root=ROOT, zone=html.escape(str(zone))
    )

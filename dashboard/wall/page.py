"""The wall's page: empty places that `wall.js` fills and refreshes; nothing on it can be clicked."""

from __future__ import annotations

import html
from typing import Final

from dashboard.assets import ROOT
from dashboard.running import Running
from dashboard.url import View

# Every text stands in a place of class `room` or `near`: read from the farthest seat, or read on approach.
_PAGE: Final = """<!DOCTYPE html>
<html lang="{lang}" data-theme="{theme}">
<head>
<meta charset="UTF-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="/favicon.png">
<link rel="stylesheet" href="{root}/look.css">
</head>
<body class="wall wall-waiting" data-root="{root}" data-zone="{zone}">
<header class="wall-head">
<b class="room" data-put="title">{title}</b>
<div class="wall-where near"><div><span data-put="place"></span><span data-put="scope"></span></div>
<div><span data-put="note"></span><span data-put="until"></span><span data-put="sources"></span></div></div>
<b class="wall-badge room" data-put="badge"></b>
<span class="wall-clock room" data-put="clock" data-moves></span><i class="wall-ring" data-moves></i>
</header>
<main class="wall-body">
<section class="wall-left"><div class="wall-tiles"></div><div class="wall-spare"></div></section>
<aside class="wall-side">
<section class="wall-first room"><div><b class="wall-shape" data-put="shape"></b><span data-put="first"></span></div>
<div class="wall-owner"><span data-put="owner"></span>
<span class="wall-open near" data-put="open"></span></div></section>
<ul class="wall-loud room" hidden></ul>
<div class="wall-slot"><figure class="wall-figure near"><b data-put="maptitle"></b><div class="wall-map"></div>
<ul class="wall-names room"></ul>
<span data-put="mapcaption"></span><span data-put="mapunits"></span></figure></div>
<ul class="wall-more near"></ul>
<figure class="wall-phone near" hidden><svg aria-hidden="true"><path/></svg><span data-put="phone"></span></figure>
</aside>
</main>
<footer class="wall-foot near"><div><span data-put="due"></span><span data-put="silent"></span></div>
<div><span data-put="mark"></span><span data-put="events"></span></div></footer>
<section class="wall-refused room"><p data-put="refused"></p></section>
<template id="tile"><article class="wall-tile"><div class="wall-name room"></div>
<div class="wall-number room"><span><span class="wall-value"></span><span class="wall-unit"></span></span>
<span class="wall-state"></span></div>
<div class="wall-ground near"><svg class="wall-spark" aria-hidden="true"></svg><div class="wall-facts"></div></div>
</article></template>
<template id="loud"><li><div><b class="wall-shape"></b><span class="wall-told"></span></div>
<div class="wall-by"></div><div class="wall-open near"></div></li></template>
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

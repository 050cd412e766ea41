"""The shapes of the map, served from the place's own data: outer rings clockwise, as the drawing library wants.

RFC 7946 asks for counter-clockwise rings and d3-geo for clockwise ones; a ring the wrong way round fills the
whole globe. Files may come either way; what is served is always right.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

KEY: Final = "unit_id"
Ring = list[list[float]]


@dataclass(frozen=True)
class Boundary:
    """One set of polygons, the units it has (their ids stand in the property `unit_id`), and its bytes."""

    name: str
    units: frozenset[str]
    packed: bytes
    """The GeoJSON, compressed."""

    @property
    def url(self) -> str:
        """The local address; it changes with the content."""
        return f"/boundaries/{hashlib.sha256(self.packed).hexdigest()[:10]}/{self.name}.geojson"


def load_boundaries(data: Path) -> dict[str, Boundary]:
    """Every `data/reference/boundaries/*.geojson` by its stem; a place without the folder has no maps."""
    folder = data / "reference" / "boundaries"
    found = [_read(path) for path in sorted(folder.glob("*.geojson"))] if folder.is_dir() else []
    return {boundary.name: boundary for boundary in found}


def covering(boundaries: Mapping[str, Boundary], units: set[str]) -> Boundary | None:
    """The set of polygons that holds most of `units`, or None when none holds any."""
    best = max(boundaries.values(), key=lambda b: len(b.units & units), default=None)
    return best if best is not None and best.units & units else None


def routes(boundaries: Mapping[str, Boundary]) -> list[Route]:
    """One route a set; addresses carry a fingerprint, so a browser may keep what it has."""
    by_url = {boundary.url: boundary for boundary in boundaries.values()}

    async def polygons(request: Request) -> Response:
        boundary = by_url.get(request.url.path)
        if boundary is None:
            return PlainTextResponse("not found", status_code=404)
        headers = {"Content-Encoding": "gzip", "Cache-Control": "public, max-age=31536000, immutable"}
        return Response(boundary.packed, media_type="application/geo+json", headers=headers)

    return [Route("/boundaries/{fingerprint}/{name}", polygons)]


def _read(path: Path) -> Boundary:
    collection = json.loads(path.read_text(encoding="utf-8"))
    features = collection["features"]
    for feature in features:
        feature["geometry"] = _clockwise(feature["geometry"])
    body = json.dumps({"type": "FeatureCollection", "features": features}, separators=(",", ":"))
    units = frozenset(str(feature["properties"][KEY]) for feature in features)
    return Boundary(path.stem, units, gzip.compress(body.encode(), mtime=0))


def _clockwise(geometry: dict[str, Any]) -> dict[str, Any]:
    """Outer rings clockwise, holes the other way, for a Polygon or a MultiPolygon."""
    if geometry["type"] == "Polygon":
        return geometry | {"coordinates": _wind(geometry["coordinates"])}
    return geometry | {"coordinates": [_wind(part) for part in geometry["coordinates"]]}


def _wind(rings: list[Ring]) -> list[Ring]:
    return [
        ring if _turns_clockwise(ring) == (place == 0) else ring[::-1] for place, ring in enumerate(rings)
    ]


def _turns_clockwise(ring: Ring) -> bool:
    """The shoelace sum: positive when a ring runs clockwise (x east, y north)."""
    return sum((b[0] - a[0]) * (b[1] + a[1]) for a, b in pairwise(ring)) > 0

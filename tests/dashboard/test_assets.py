"""What a browser gets comes from this machine, carries its fingerprint, and a door guards the rest."""

import asyncio
import gzip
import json

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from dashboard import assets, boundaries, look
from dashboard.guard import Guard
from tests.dashboard.web import Web

SQUARE = [[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]  # clockwise


def client(routes, hosts=()):
    return Web(Starlette(routes=routes, middleware=[Middleware(Guard, hosts=frozenset(hosts))]))


@pytest.fixture
def served():
    return client(assets.routes())


def write(folder, name, rings):
    folder.mkdir(parents=True, exist_ok=True)
    feature = {
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": rings},
        "properties": {"name_of_nothing": "x", "unit_id": "25459@2025"},
    }
    (folder / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def test_the_chart_library_is_the_installed_one_and_compressed(served):
    answer = served.get(f"{assets.ROOT}/plotly.min.js")
    assert answer.headers["content-encoding"] == "gzip"
    assert "plotly.js v" in answer.text[:200]
    assert int(answer.headers["content-length"]) < 2_000_000


def test_assets_may_be_kept_for_ever_because_their_address_changes(served):
    answer = served.get(f"{assets.ROOT}/script/draw.js")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")


def test_the_style_sheet_holds_fonts_and_both_themes(served):
    text = served.get(f"{assets.ROOT}/look.css").text
    assert text.count("@font-face") == 12
    assert ":root[data-theme=dim]" in text and look.palette("dim").better in text


@pytest.mark.parametrize("weight", look.WEIGHTS)
@pytest.mark.parametrize("subset", look.UNICODE_RANGES)
def test_every_font_that_a_rule_names_is_there(served, subset, weight):
    answer = served.get(f"{assets.ROOT}/fonts/be-vietnam-pro-{subset}-{weight}-normal.woff2")
    assert answer.status_code == 200 and answer.content[:4] == b"wOF2"


def test_the_licence_lies_beside_the_fonts(served):
    assert "SIL OPEN FONT LICENSE" in served.get(f"{assets.ROOT}/fonts/OFL.txt").text


@pytest.mark.parametrize("path", ["..%2f..%2fsettings.py", "../settings.py", "fonts/../../look.py", "no.js", ""])
def test_only_shipped_files_are_served(served, path):
    assert served.get(f"{assets.ROOT}/{path}").status_code == 404


def test_the_base_map_is_empty(served):
    stub = served.get(f"{assets.ROOT}/topojson/world_110m.json").json()
    assert all(not layer["geometries"] for layer in stub["objects"].values())


@pytest.mark.parametrize("ring", [SQUARE, SQUARE[::-1]], ids=["clockwise", "counter-clockwise"])
def test_boundaries_are_served_clockwise_whichever_way_they_came(tmp_path, ring):
    write(tmp_path / "reference" / "boundaries", "communes", [ring])
    (boundary,) = boundaries.load_boundaries(tmp_path).values()
    served = json.loads(gzip.decompress(boundary.packed))
    assert served["features"][0]["geometry"]["coordinates"] == [SQUARE]
    assert boundary.units == {"25459@2025"}


def test_holes_run_against_their_outer_ring(tmp_path):
    hole = [[0.2, 0.2], [0.2, 0.4], [0.4, 0.4], [0.4, 0.2], [0.2, 0.2]]
    write(tmp_path / "reference" / "boundaries", "communes", [SQUARE, hole])
    (boundary,) = boundaries.load_boundaries(tmp_path).values()
    rings = json.loads(gzip.decompress(boundary.packed))["features"][0]["geometry"]["coordinates"]
    assert rings == [SQUARE, hole[::-1]]


def test_boundaries_have_a_route_and_an_address_of_their_content(tmp_path):
    write(tmp_path / "reference" / "boundaries", "communes", [SQUARE])
    found = boundaries.load_boundaries(tmp_path)
    web = client(boundaries.routes(found))
    assert web.get(found["communes"].url).json()["features"]
    assert web.get("/boundaries/0000000000/communes.geojson").status_code == 404


def test_a_place_without_boundaries_has_no_map(tmp_path):
    assert boundaries.load_boundaries(tmp_path) == {}
    assert boundaries.covering({}, {"1"}) is None


def test_the_set_that_holds_most_of_the_units_is_drawn(tmp_path):
    write(tmp_path / "reference" / "boundaries", "communes", [SQUARE])
    found = boundaries.load_boundaries(tmp_path)
    assert boundaries.covering(found, {"25459@2025", "1"}) is found["communes"]
    assert boundaries.covering(found, {"1"}) is None


def hello(request):
    return PlainTextResponse("hello", headers={"Server": "secret"})


PAGES = [Route(path, hello) for path in ("/", "/healthz", "/nothing.txt", "/_stcore/metrics", "/static/x.js")]


@pytest.mark.parametrize("path,status", [
    ("/", 200), ("/healthz", 200), ("/static/x.js", 200), ("/nothing.txt", 404), ("/_stcore/metrics", 404),
    ("/wp-admin", 404),
])  # fmt: skip
def test_a_path_is_known_or_not_found(path, status):
    assert client(PAGES).get(path).status_code == status


@pytest.mark.parametrize("path", ["/", "/wp-admin"])
def test_every_answer_carries_the_security_headers(path):
    headers = client(PAGES).get(path).headers
    assert "default-src 'self'" in headers["content-security-policy"]
    scripts = headers["content-security-policy"].split("script-src")[1].split(";")[0]
    assert "unsafe" not in scripts
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "server" not in headers


def test_a_foreign_host_name_is_refused():
    web = client(PAGES, hosts=["localhost", "127.0.0.1"])
    assert web.get("/", headers={"Host": "evil.example"}).status_code == 421
    assert web.get("/", headers={"Host": "localhost:8501"}).status_code == 200


def test_a_websocket_of_a_foreign_host_is_closed():
    sent = []

    async def never(scope, receive, send):
        raise AssertionError("the guard let a foreign host through")

    async def send(message):
        sent.append(message)

    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": [(b"host", b"evil.example")]}
    asyncio.run(Guard(never, frozenset({"localhost"}))(scope, None, send))
    assert sent == [{"type": "websocket.close", "code": 1008}]

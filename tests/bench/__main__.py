"""`make bench`: how far the project is from what this machine can do, everything measured in one run."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import duckdb

from tests.bench import arrivals, browser, sessions, walls

PORT = 8597


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--home", type=Path, required=True)
    home = parser.parse_args().home
    with tempfile.TemporaryDirectory() as folder:
        print(intake(home, Path(folder)))
        print(arrived(home, Path(folder)))
        print(start(home))
        print(redraw(home))
        print(capacity(home, Path(folder)))
        print(paper(home, Path(folder)))


def line(what: str, ours: float, against: str, limit: float) -> str:
    return f"{what:15} {ours:8.2f} s   {against:36} {limit:8.2f} s   ratio {ours / limit:6.2f}"


def seconds(*command: str) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - began


def intake(home: Path, folder: Path) -> str:
    """A whole first load of the demo's archive against DuckDB reading the same CSV files into one table each."""
    fresh = folder / "home"
    for kept in sorted((home / "archive").rglob("*.json")):
        if kept.with_suffix("").name and (found := next(kept.parent.glob(f"{kept.stem}.[!j]*"), None)):
            # By the name it was sent under: some mappings read the day of a delivery from it.
            target = fresh / "inbox" / kept.parent.name / str(json.loads(kept.read_text(encoding="utf-8"))["name"])
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(found, target)
    ours = seconds(sys.executable, "-m", "pipelines", "load", "--home", str(fresh), "--data", "data")
    began = time.perf_counter()
    with duckdb.connect(str(folder / "floor.duckdb")) as db:
        for number, source in enumerate(sorted((home / "archive").iterdir())):
            if list(source.glob("*.csv")):
                options = "all_varchar = true, union_by_name = true, ignore_errors = true"
                db.execute(f"create table t{number} as select * from read_csv('{source}/*.csv', {options})")
    floor = time.perf_counter() - began
    return line("intake", ours, "DuckDB reading the same CSV files", floor)


def arrived(home: Path, folder: Path) -> str:
    """A day's file and one of 100 MB from stable to published, and a day's file from its last byte to 200 walls.

    At the size of `home`: `pipelines demo --rows 5000000` and `load` into another give the promised one.
    """
    lines = [f"arrivals at {arrivals.is_large(home):,} dossiers"]
    lines += [line(*found) for found in arrivals.arrivals(home, folder)]
    process, _ = serve(folder / "arrivals")
    try:
        lines.append(arrivals.to_the_wall(folder / "arrivals", folder, f"http://127.0.0.1:{PORT}"))
    finally:
        process.terminate()
        process.wait()
    return "\n".join(lines)


def paper(home: Path, folder: Path) -> str:
    """A meeting pack in two languages and the one-page profile of every commune, against what is promised."""
    command = (sys.executable, "-m", "dashboard", "pack", "--home", str(home), "--out", str(folder / "packs"))
    pack = seconds(*command, "--template", "monthly", "--languages", "both")
    pages = seconds(*command, "--template", "unit", "--unit", "all")
    return "\n".join((line("meeting pack", pack, "promised for 20 slides, two cores", 60),
                      line("unit profiles", pages, "promised for every commune", 300)))  # fmt: skip


def serve(home: Path, port: int = PORT) -> tuple[subprocess.Popen[bytes], float]:
    began = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "dashboard", "serve", "--home", str(home), "--port", str(port)],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while time.perf_counter() - began < 60:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2):
                return process, time.perf_counter() - began
        except OSError:
            time.sleep(0.02)
    raise SystemExit("the dashboard did not become healthy within a minute")


def start(home: Path) -> str:
    """From the command to a health check that has read a figure, against only importing Streamlit."""
    process, healthy = serve(home)
    process.terminate()
    process.wait()
    limit = seconds(sys.executable, "-c", "import streamlit, duckdb")
    return line("healthy after", healthy, "importing Streamlit and DuckDB", limit)


def redraw(home: Path) -> str:
    process, _ = serve(home)
    try:
        ours, limit = browser.redraws(f"http://127.0.0.1:{PORT}", ["2026-10", "2026-09", "2026-08"])
    finally:
        process.terminate()
        process.wait()
    return line("filter change", ours, "static page of the same figures", limit)


def copied(home: Path, copy: Path) -> Path:
    """A home with nothing but the published files in force, which may be published again and again."""
    (copy / "snapshots").mkdir(parents=True)
    number = int((home / "CURRENT").read_text().split()[0])
    for kind in ("", ".party"):
        shutil.copy(home / "snapshots" / f"{number:08d}{kind}.duckdb", copy / "snapshots")
    for name in ("CURRENT", "PUBLISHED"):
        shutil.copy(home / name, copy)
    return copy


def capacity(home: Path, folder: Path) -> str:
    """200 walls on a copy of the published files: unchanged, with a new snapshot, after a restart; and 200 sessions."""
    copy, address = copied(home, folder / "walls"), f"http://127.0.0.1:{PORT}"
    running = [serve(copy)[0]]

    def restart() -> None:
        running[0].kill()
        running[0].wait()
        running[0] = serve(copy)[0]

    try:
        return "\n".join((walls.unchanged(address), walls.repainted(address, lambda: walls.publish_again(copy)),
                          walls.restarted(address, restart), sessions.survive(address, restart)))  # fmt: skip
    finally:
        running[0].terminate()
        running[0].wait()


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""Asks shapely and Nadhir which governorates 1,000 random alerts hit, on the same polygons, and compares the sets.

    geo_cover.py DIR                               the built-in governorates, by the binary that $NADHIR names
    geo_cover.py REGIONS.geojson COMMAND...        (COMMAND reads and writes what `nadhir area cover --jsonl` does)
    for example: geo_cover.py regions.geojson nadhir area cover --jsonl --origin inbound --regions regions.geojson

Prints both times of the decision: ours whole, from the points on; shapely's relate alone, on regions prepared and
polygons made. Needs shapely 2. Exits 1 on any disagreement.
"""
import json
import math
import os
import random
import subprocess
import sys
import tempfile
import time

from shapely import __version__ as shapely_version
from shapely import prepare
from shapely.geometry import Polygon, shape

COUNT, SEED = 1000, 20261122


def star(rng, lon, lat, size, corners):
    """A simple polygon: corners at growing bearings, at distances that vary a lot."""
    turns = sorted(rng.random() for _ in range(corners))
    return [(lon + size * (0.15 + 0.85 * rng.random()) * math.cos(2 * math.pi * t),
             lat + size * (0.15 + 0.85 * rng.random()) * math.sin(2 * math.pi * t)) for t in turns]


def needle(rng, lon, lat, size):
    t, w = 2 * math.pi * rng.random(), 10 ** rng.uniform(-7, -3)
    dx, dy = size * math.cos(t), size * math.sin(t)
    return [(lon - dx, lat - dy), (lon - w * dy, lat + w * dx), (lon + dx, lat + dy)]


def strip(rng, vertices, width):
    """A band whose one side runs along a stretch of a border, vertex for vertex."""
    n = rng.randint(2, min(12, len(vertices) - 1))
    at = rng.randrange(len(vertices) - n)
    side = vertices[at:at + n]
    dx, dy = width * rng.uniform(-1, 1), width * rng.uniform(-1, 1)
    return side + [(x + dx, y + dy) for x, y in reversed(side)]


def alerts(regions):
    rng = random.Random(SEED)
    borders = []
    for whole in regions.values():
        for part in getattr(whole, "geoms", [whole]):
            borders.append(list(part.exterior.coords)[:-1])
    out = []
    while len(out) < COUNT:
        border = rng.choice(borders)
        lon, lat = rng.choice(border)
        kind = rng.randrange(6)
        size = 10 ** rng.uniform(-3, 0.7)
        shapes = []
        for _ in range(3 if kind == 5 else 1):
            if kind == 0 or kind == 5:
                lon += rng.gauss(0, 0.3)
                lat += rng.gauss(0, 0.3)
                shapes.append(star(rng, lon, lat, size, rng.choice([3, 4, 8, 30, 200])))
            elif kind == 1:
                shapes.append(needle(rng, lon, lat, size))
            elif kind == 2 and len(border) > 8:
                shapes.append(strip(rng, border, 10 ** rng.uniform(-4, -1)))
            elif kind == 3:
                shapes.append(star(rng, rng.uniform(51, 61), rng.uniform(16, 27), size, 200))
            else:  # a box with one corner on a vertex of a border
                w, h = rng.choice([-1, 1]) * size, rng.choice([-1, 1]) * size
                shapes.append([(lon, lat), (lon + w, lat), (lon + w, lat + h), (lon, lat + h)])
        polygons = [Polygon(s) for s in shapes if len(s) > 2]
        if polygons and all(p.is_valid and p.area > 0 for p in polygons):
            out.append(polygons)
    return out


def main(path, command):
    features = json.load(open(path, encoding="utf-8"))["features"]
    regions = {f["properties"]["iso_3166_2"]: shape(f["geometry"]) for f in features}
    for region in regions.values():
        prepare(region)
    asked = alerts(regions)
    lines = "".join(json.dumps({"id": n, "polygons": [" ".join(f"{y!r},{x!r}" for x, y in p.exterior.coords) for p in polygons],
                                "circles": [], "geocodes": []}) + "\n" for n, polygons in enumerate(asked))
    answer = subprocess.run(command, input=lines, capture_output=True, text=True, check=False)
    rows = [json.loads(line) for line in answer.stdout.splitlines()]
    if len(rows) != len(asked):
        sys.exit(f"{len(asked)} alerts went in, {len(rows)} answers came out:\n{answer.stderr[-2000:]}")
    wrong, hits, slow = 0, 0, []
    for n, (polygons, row) in enumerate(zip(asked, rows)):
        ours = {g["code"] for g in row["governorates"]}
        began = time.perf_counter()
        theirs = {code for code, region in regions.items() if any(region.relate_pattern(p, "T********") for p in polygons)}
        slow.append((time.perf_counter() - began) * 1e6)
        hits += len(theirs)
        if row["id"] != n or ours != theirs:
            wrong += 1
            print(f"alert {n}: ours {sorted(ours)}, shapely {sorted(theirs)}: {[p.wkt for p in polygons]}"[:2000])
    micros = sorted(row["micros"] for row in rows)
    print(f"{len(asked)} alerts, {hits} hits, {wrong} disagreements; decision p50 {micros[len(micros) // 2]:.1f} us, "
          f"p99 {micros[len(micros) * 99 // 100]:.1f} us")
    slow.sort()
    print(f"shapely {shapely_version}, the same machine: p50 {slow[len(slow) // 2]:.1f} us, p99 {slow[len(slow) * 99 // 100]:.1f} us; "
          f"load {open('/proc/loadavg', encoding='ascii').read().strip()}")
    return 1 if wrong else 0


def built_in():
    """The governorates that the binary has, and the command that asks it."""
    nadhir = os.environ["NADHIR"]
    out = subprocess.run([nadhir, "regions", "export"], capture_output=True, text=True, check=True)
    whole = json.loads(out.stdout)
    whole["features"] = [f for f in whole["features"] if f["properties"].get("iso_3166_2")]
    with tempfile.NamedTemporaryFile("w", suffix=".geojson", delete=False, encoding="utf-8") as file:
        json.dump(whole, file)
    return file.name, [nadhir, "area", "cover", "--jsonl", "--origin", "inbound", "--regions", file.name]


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if len(sys.argv) > 2:
        sys.exit(main(sys.argv[1], sys.argv[2:]))
    path, command = built_in()
    try:
        code = main(path, command)
    finally:
        os.unlink(path)
    sys.exit(code)

#!/usr/bin/env python3
"""Builds the named areas from named.recipe.json: lines, coasts, outlines and regions, widened, kept to land or water.

    named.py FOLDER > FOLDER/named.json      (FOLDER holds governorates.json, wilayat.json and sea.json)

A recipe unites its `lines` (one point is a place), `outline`, `regions` and `coasts`, widens them by `km`, cuts them at
`north`, `south`, `east` or `west`, and keeps what lies on land, sea or both. Needs shapely 2 and pyproj.
"""
import json
import os
import sys

from shapely import set_precision, transform
from shapely.geometry import LineString, Point, Polygon, box
from shapely.ops import unary_union

from arcs import UNIT, read, ring_points, write
from sea import TO_METRES

LEAST = 3e6  # square metres: smaller pieces and holes are left out
ROUGH = 400.0  # metres off the exact line


def points(texts):
    return [(float(t.split(",")[1]), float(t.split(",")[0])) for t in texts]


def main(folder):
    shapes, coasts, arcs = {}, {}, {}
    layers = {}
    for name in ("governorates", "wilayat", "sea"):
        regions, more, _ = read(os.path.join(folder, name + ".json"))
        arcs.update(more)
        for region in regions:
            polygons = [Polygon(*[r[0], r[1:]]) for r in
                        [[[(x / UNIT, y / UNIT) for y, x in ring_points(ring, arcs)] for ring in p] for p in region["refs"]]]
            shapes[region["code"]] = unary_union(polygons)
            layers.setdefault(name, []).append(shapes[region["code"]])
            if name == "governorates":
                names = [n for p in region["refs"] for ring in p for n, _ in ring if "|" not in n and "Madha" not in n]
                coasts[region["code"]] = unary_union([LineString([(x / UNIT, y / UNIT) for y, x in arcs[n]]) for n in names])
    land, water = unary_union(layers["governorates"]), unary_union(layers["sea"])
    ground = {"land": land, "sea": water, "both": unary_union([land, water])}
    flat = lambda g: transform(g, TO_METRES.transform, interleaved=False)
    round_ = lambda g: transform(g, lambda x, y: TO_METRES.transform(x, y, direction="INVERSE"), interleaved=False)
    ground = {k: flat(g) for k, g in ground.items()}
    out, drawn = [], {}
    for recipe in json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "named.recipe.json"), encoding="utf-8")):
        parts = [LineString(points(l)) if len(l) > 1 else Point(points(l)[0]) for l in recipe.get("lines", [])]
        parts += [Polygon(points(recipe["outline"]))] if "outline" in recipe else []
        parts += [shapes[c] for c in recipe.get("regions", [])]
        parts += [coasts[c].intersection(limits(of)) for of in recipe.get("coasts", []) for c in of["of"]]
        whole = flat(unary_union(parts).intersection(limits(recipe)))
        whole = whole.simplify(50).buffer(recipe.get("km", 0) * 1000.0, quad_segs=6).intersection(ground[recipe["on"]])
        # Opened and closed, so that no creek or rock is drawn.
        if "outline" in recipe or "lines" in recipe or "coasts" in recipe:
            whole = whole.buffer(300).buffer(-600).buffer(300)
        whole = set_precision(round_(whole.simplify(ROUGH)), 1.0 / UNIT)
        polygons = []
        for part in sorted(getattr(whole, "geoms", [whole]), key=lambda p: -p.area):
            if part.geom_type != "Polygon" or flat(part).area < LEAST:
                continue
            rings = []
            for k, ring in enumerate([part.exterior, *part.interiors]):
                if k and flat(Polygon(ring)).area < LEAST:
                    continue
                run = [(round(y * UNIT), round(x * UNIT)) for x, y in ring.coords]
                if ring.is_ccw != (k == 0):
                    run.reverse()
                name = f"{recipe['code']} {len(polygons) + 1}" + (f" hole {k}" if k else "")
                drawn[name] = run
                rings.append([name])
            polygons.append(rings)
        out.append({"code": recipe["code"], "name": recipe["name"], "border": "approximate", "polygons": polygons})
        count = sum(len(drawn[n]) for p in polygons for [n] in p)
        print(f"{recipe['code']}: {len(polygons)} pieces, {count} points", file=sys.stderr)
    write("/dev/stdout", out, drawn)


def limits(of):
    """The part of the world north, south, east and west of what is named."""
    return box(of.get("east", 40), of.get("north", 0), of.get("west", 70), of.get("south", 40))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])

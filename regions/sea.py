#!/usr/bin/env python3
"""Draws the belts of sea out to twelve nautical miles, each point with the governorate whose coast is nearest: sea.json.

    sea.py GOVERNORATES.json ATLAS.json > sea.json

ATLAS.json is countries-10m of the package world-atlas (Natural Earth, public domain): what is nearer to another
country's coast is left out, and so is its land. Needs shapely 2, numpy, scipy and pyproj. Distances are measured from
the coast as drawn, not from the straight baselines that the law may allow. The parser of src/core/area judges the outcome.
"""
import json
import sys

import numpy as np
from pyproj import Transformer
from scipy.spatial import cKDTree
from shapely.geometry import LineString, Point, Polygon
from shapely.ops import polygonize, unary_union

from arcs import UNIT, read, ring_points, write
from wilayat import degrees, picture, trace, walk

MILES = 12 * 1852.0
PIXEL = 2  # thousandths of a degree
WEST, SOUTH, EAST, NORTH = 52.0, 16.0, 60.6, 26.9
LADDER = (3.0, 1.5, 0.8, 0.0)  # thousandths of a degree
AROUND = {"784", "364", "887", "682", "586", "634"}  # ISO 3166-1: United Arab Emirates, Iran, Yemen, Saudi Arabia, ...
# True to 0.1 % between 16 and 27 degrees north.
TO_METRES = Transformer.from_crs("EPSG:4326", "+proj=lcc +lat_1=18 +lat_2=25 +lat_0=21 +lon_0=56 +ellps=WGS84", always_xy=True)


def metres(lonlat):
    x, y = TO_METRES.transform(*np.asarray(lonlat).T)
    return np.column_stack([x, y])


def dense(points, every):
    """Points of a line, at most so far apart."""
    return np.asarray(LineString(points).segmentize(every).coords)


def abroad(path):
    """The land of the neighbours: topology with delta-coded, quantised arcs."""
    atlas = json.load(open(path, encoding="utf-8"))
    (sx, sy), (tx, ty) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    arcs = [np.cumsum(np.asarray(a), axis=0) * (sx, sy) + (tx, ty) for a in atlas["arcs"]]
    line = lambda ring: [tuple(p) for i in ring for p in (arcs[i] if i >= 0 else arcs[~i][::-1]).tolist()]
    land = []
    for country in atlas["objects"]["countries"]["geometries"]:
        if country.get("id") in AROUND:
            many = country["arcs"] if country["type"] == "MultiPolygon" else [country["arcs"]]
            land += [Polygon(line(p[0]), [line(h) for h in p[1:]]).buffer(0) for p in many]
    frame = Polygon([(WEST - 1, SOUTH - 1), (EAST + 1, SOUTH - 1), (EAST + 1, NORTH + 1), (WEST - 1, NORTH + 1)])
    return unary_union(land).intersection(frame)


def belts(coast, foreign, land):
    """Labels by pixel: which coast is nearest within twelve miles, 0 for none of ours; under our own land as well."""
    window = (int(SOUTH * UNIT / PIXEL), int(WEST * UNIT / PIXEL),
              int((NORTH - SOUTH) * UNIT / PIXEL), int((EAST - WEST) * UNIT / PIXEL))
    points, owner = [], []
    for n, lines in enumerate(coast, 1):
        for line in lines:
            run = metres(dense(degrees(line), 0.002))
            points.append(run)
            owner += [n] * len(run)
    for ring in [r for p in foreign.geoms for r in (p.exterior, *p.interiors)]:
        run = dense(ring.coords, 0.002)
        points.append(metres(run))
        owner += [0] * len(run)
    tree, owner = cKDTree(np.concatenate(points)), np.asarray(owner)
    labels = np.zeros(window[2:], dtype=np.int16)
    lon = (window[1] + np.arange(window[3]) + 0.5) * PIXEL / UNIT
    for r in range(window[2]):
        lat = (window[0] + r + 0.5) * PIXEL / UNIT
        far, at = tree.query(metres(np.column_stack([lon, np.full(len(lon), lat)])), distance_upper_bound=MILES)
        labels[r, far <= MILES] = owner[at[far <= MILES]]
    scale = UNIT / PIXEL
    shrunk = lambda p: Polygon([(x * scale / UNIT, y * scale / UNIT) for x, y in p.exterior.coords])
    other = np.zeros(labels.shape, dtype=bool)
    for part in foreign.geoms:
        other |= picture(shrunk(part), window)
    own = np.zeros(labels.shape, dtype=bool)
    for part in land:
        own |= picture(shrunk(part), window)
    labels[other & ~own] = 0
    # Outside is a label of its own, so that its border is traced as well.
    return labels + 1, window


def lines_at_sea(labels, window, land, joints):
    """The traced borders where they run over water, their ends on the coast moved to where two coasts join."""
    chains, _ = trace(labels, window)
    parts = []
    for chain in chains:
        line = LineString([(lat * PIXEL, lon * PIXEL) for lat, lon in chain])
        wet = line.difference(land)
        parts += [list(p.coords) for p in getattr(wet, "geoms", [wet]) if p.length > 0]
    # What touches is one line again: difference cuts a closed ring at its seam.
    out, lost = [], 0
    for part in parts:
        ends = []
        for k in (0, -1):
            if land.distance(Point(part[k])) < 1e-6:
                joint = min(joints, key=lambda j: Point(j).distance(Point(part[k])))
                ends.append(joint if Point(joint).distance(Point(part[k])) < 40 else None)
            else:
                ends.append(tuple(map(round, part[k])))
        if None in ends or (ends[0] == ends[1] and LineString(part).length < 200):
            lost += 1
            continue
        out.append([ends[0], *part[1:-1], ends[1]])
    print(f"{len(out)} lines at sea, {lost} bits of shore left out", file=sys.stderr)
    return out


def simplified(lines, land):
    steps = [0] * len(lines)
    while True:
        drawn = []
        for line, s in zip(lines, steps):
            smooth = LineString(line).simplify(LADDER[s])
            drawn.append([(round(a), round(b)) for a, b in smooth.coords])
        shapes, bad = [LineString(d) for d in drawn], set()
        for i, one in enumerate(shapes):
            ends = {drawn[i][0], drawn[i][-1]}
            for j, other in [(None, land), *((j, shapes[j]) for j in range(i))]:
                met = one.intersection(other)
                pieces = [p for p in getattr(met, "geoms", [met]) if not p.is_empty]
                if any(p.geom_type != "Point" or tuple(map(round, p.coords[0])) not in ends for p in pieces):
                    bad |= {i} if j is None else {i, j}
            if not one.is_simple:
                bad.add(i)
        if not bad:
            return drawn
        for i in bad:
            steps[i] += 1
            if steps[i] == len(LADDER):
                raise SystemExit(f"the line from {lines[i][0]} to {lines[i][-1]} cannot be drawn")


def main(governorates, atlas):
    regions, arcs, _ = read(governorates)
    is_coast = lambda name: "|" not in name and "Madha" not in name
    coastal = [r for r in regions if any(is_coast(n) for [ring] in r["refs"] for n, _ in ring)]
    coast = [[arcs[n] for [ring] in r["refs"] for n, _ in ring if is_coast(n)] for r in coastal]
    polygons = [Polygon(degrees(ring_points(ring, arcs))) for r in regions for [ring] in r["refs"]]
    land = unary_union([Polygon(ring_points(ring, arcs)) for r in regions for [ring] in r["refs"]])
    ends = [p for r in coastal for [ring] in r["refs"] for n, _ in ring if is_coast(n) for p in (arcs[n][0], arcs[n][-1])]
    closed = {arcs[n][0] for n in arcs if arcs[n][0] == arcs[n][-1]}
    inner = {p for n in arcs if is_coast(n) for p in (arcs[n][0], arcs[n][-1])}
    # Where a coast ends: at another governorate's, or at the neighbour's land. Cuts between wilayat are none.
    joints = {p for p in inner - closed if any(p in (arcs[n][0], arcs[n][-1]) for n in arcs if not is_coast(n) and (n.count("OM-") < 2 or n.split(" /")[0].split(" | ")[0] != n.split(" /")[0].split(" | ")[1]))}
    labels, window = belts(coast, abroad(atlas), polygons)
    lines = simplified(lines_at_sea(labels, window, land, sorted(joints)), land)
    water = [LineString(p) for lines_ in coast for p in lines_] + [LineString(line) for line in lines]
    made, side = {}, {}
    for face in polygonize(unary_union(water)):
        at = face.representative_point()
        if land.contains(at):
            continue
        inside = picture(Polygon([(y / PIXEL / UNIT, x / PIXEL / UNIT) for x, y in face.exterior.coords],
                                 [[(y / PIXEL / UNIT, x / PIXEL / UNIT) for x, y in h.coords] for h in face.interiors]), window)
        counted = np.bincount(labels[inside], minlength=2)
        label = int(counted[1:].argmax()) + 1 if len(counted) > 1 else 1
        if label == 1:
            continue
        rings = []
        for k, ring in enumerate([face.exterior, *face.interiors]):
            points = [(round(a), round(b)) for a, b in ring.coords]
            # Latitude first turns the sense around.
            if ring.is_ccw == (k == 0):
                points.reverse()
            rings.append(points)
            for a, b in zip(points, points[1:]):
                side[a, b] = coastal[label - 2]["code"]
        made.setdefault(coastal[label - 2]["code"], []).append(rings)
    named, count, step = {}, {}, {}
    for line in lines:
        codes = sorted({side[e] for e in ((line[0], line[1]), (line[1], line[0])) if e in side})
        if not codes:
            continue
        name = " | ".join(f"{c}-SEA" for c in codes) if len(codes) == 2 else f"{codes[0]}-SEA | beyond"
        count[name] = count.get(name, 0) + 1
        named[name + (f" {count[name]}" if count[name] > 1 else "")] = line
    for name, points in [*arcs.items(), *named.items()]:
        for a, b in zip(points, points[1:]):
            step[a, b], step[b, a] = name, "-" + name
    out = []
    for region in coastal:
        code = region["code"]
        out.append({
            "code": f"{code}-SEA", "governorate": code,
            "name": {"ar": "بحر " + region["name"]["ar"], "en": "Sea of " + region["name"]["en"]},
            "polygons": [[walk(ring, step) for ring in rings] for rings in sorted(made[code], key=lambda p: -Polygon(p[0]).area)],
        })
        print(f"{code}: {len(made[code])} pieces of sea", file=sys.stderr)
    write("/dev/stdout", out, named)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])

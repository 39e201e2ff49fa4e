#!/usr/bin/env python3
"""Divides the governorates among their wilayat: writes wilayat.json, and cuts the arcs of governorates.json where a
border between two wilayat meets them.

    wilayat.py GOVERNORATES.json REFERENCE.geojson FIGURES.csv FOLDER

GOVERNORATES.json is what digitise.py writes. FOLDER gets both files. Needs shapely 2, numpy and scipy. The reference is
read as a picture: each hundred metres of land is given to a wilayat, gaps to the nearest, the picture is smoothed, and
borders are drawn anew along it. So no vertex is copied, and what wilayat share is one line. The parser of
src/core/area judges the outcome again.
"""
import csv
import json
import os
import sys

import numpy as np
from scipy import ndimage
from shapely.geometry import LineString, Point, Polygon, shape
from shapely.ops import polygonize, unary_union

from arcs import UNIT, cut, read, ring_points, write

# Degrees off the traced line, tried in turn until nothing crosses.
LADDER = (0.0024, 0.0014, 0.0008, 0.0003, 0.0)
SMOOTH = 2.0  # pixels of a thousandth of a degree
NEAR = 5.0  # a border ends at a vertex of the governorate this near (thousandths of a degree), else a vertex is added
PART = 0.05  # a second piece on the mainland smaller than this share of the first is noise of the reference

CODES = {
    "Al Awabi": "AWB", "Barka": "BRK", "Al Musannah": "MSN", "Nakhal": "NKL", "Ar Rustaq": "RST",
    "Wadi Al Maawil": "WML", "Al Khaburah": "KHB", "Liwa": "LIW", "Saham": "SHM", "Shinas": "SHN", "Sohar": "SHR",
    "As Suwayq": "SWQ", "Al Buraimi": "BRM", "Mahdah": "MHD", "As Sunaynah": "SNN", "Al Jabal Al Akhdar": "JAK",
    "Adam": "ADM", "Bahla": "BHL", "Bidbid": "BDB", "Al Hamra": "HMR", "Izki": "IZK", "Manah": "MNH", "Nizwa": "NZW",
    "Samail": "SML", "Al Amarat": "AMR", "Bawshar": "BWS", "Muscat": "MCT", "Muttrah": "MTR", "Qurayyat": "QRY",
    "As Seeb": "SIB", "Bukha": "BKH", "Dibba": "DIB", "Khasab": "KHS", "Madha": "MAD", "Jaalan Bani Bu Ali": "JBA",
    "Jaalan Bani Bu Hasan": "JBH", "Al Kamil wa Al Wafi": "KMW", "Masirah": "MAS", "Sur": "SUR", "Sinaw": "SNW",
    "Bidiyah": "BDY", "Dima wa At Taiyin": "DMT", "Ibra": "IBR", "Al Mudhaibi": "MDB", "Al Qabil": "QBL",
    "Wadi Bani Khalid": "WBK", "Ad Duqm": "DQM", "Haima": "HAI", "Al Jazir": "JZR", "Mahout": "MHT", "Dhank": "DNK",
    "Ibri": "IBI", "Yanqul": "YNQ", "Dhalkut": "DLK", "Mirbat": "MRB", "Muqshin": "MQS", "Al Mazyunah": "MZY",
    "Rakhyut": "RKH", "Sadah": "SDH", "Shalim and the Hallaniyat Islands": "SHL", "Salalah": "SLL", "Taqah": "TAQ",
    "Thumrait": "THM",
}
SPELT = {"Al Buraymi": "Al Buraimi"}  # as the governorate of the same name is
# Two wilayat are younger than the reference. Ours, around the places that are known to belong to them: (lon, lat).
YOUNG = {
    "Al Jabal Al Akhdar": ("Nizwa", [(57.46, 23.3), (57.46, 23.128), (57.495, 23.06), (57.56, 23.045), (57.62, 23.035),
                                     (57.70, 23.03), (57.9, 23.05), (57.9, 23.3)]),
    "Sinaw": ("Al Mudhaibi", [(57.5, 22.54), (58.075, 22.54), (58.085, 22.42), (58.25, 22.30), (58.35, 21.0),
                              (57.5, 21.0)]),
}


def picture(geometry, window):
    """The pixels whose middle lies inside, by the even-odd rule; window = south, west, rows, columns in thousandths."""
    south, west, rows, columns = window
    toggles = np.zeros((rows, columns + 1), dtype=np.int32)
    for part in getattr(geometry, "geoms", [geometry]):
        for ring in [part.exterior, *part.interiors]:
            xy = np.asarray(ring.coords) * UNIT
            for (x0, y0), (x1, y1) in zip(xy[:-1], xy[1:]):
                if y0 == y1:
                    continue
                low, high = min(y0, y1), max(y0, y1)
                r = np.arange(max(0, int(np.ceil(low - south - 0.5))), min(rows, int(np.ceil(high - south - 0.5))))
                at = x0 + (r + 0.5 + south - y0) * (x1 - x0) / (y1 - y0)
                c = np.clip(np.ceil(at - west - 0.5).astype(int), 0, columns)
                np.add.at(toggles, (r, c), 1)
    return (np.cumsum(toggles, axis=1)[:, :columns] % 2).astype(bool)


def fill(labels, inside):
    """Gives every unlabelled pixel inside the label nearest to it."""
    if (inside & (labels == 0)).any():
        near = ndimage.distance_transform_edt(labels == 0, return_distances=False, return_indices=True)
        labels = labels[tuple(near)]
    return np.where(inside, labels, 0)


def divide(main, wilayat, window):
    """Labels, 1 on, of the pixels of a mainland."""
    inside = picture(main, window)
    labels = np.zeros(inside.shape, dtype=np.int16)
    for n, geometry in sorted(enumerate(wilayat, 1), key=lambda w: w[1].area):
        labels[picture(geometry, window) & (labels == 0)] = n
    labels = fill(labels, inside)
    best, smooth = np.zeros(inside.shape, dtype=np.float32), np.zeros_like(labels)
    for n in range(1, len(wilayat) + 1):
        weight = ndimage.gaussian_filter((labels == n).astype(np.float32), SMOOTH)
        smooth[weight > best] = n
        best = np.maximum(best, weight)
    labels = np.where(inside, smooth, 0)
    for n in range(1, len(wilayat) + 1):
        pieces, count = ndimage.label(labels == n)
        if count > 1:
            sizes = np.bincount(pieces.ravel())[1:]
            for piece, size in enumerate(sizes, 1):
                if size < PART * sizes.max():
                    labels[pieces == piece] = 0
    return fill(labels, inside)


def trace(labels, window):
    """Borders between labels as chains of pixel corners (lat, lon), cut where three meet or the land ends."""
    south, west = window[0], window[1]
    beside = {}
    def join(rows, columns, dr, dc):
        for r, c in zip(rows.tolist(), columns.tolist()):
            a, b = (r + south, c + west), (r + dr + south, c + dc + west)
            beside.setdefault(a, []).append(b)
            beside.setdefault(b, []).append(a)
    left, right = labels[:, :-1], labels[:, 1:]
    rows, columns = np.nonzero((left != right) & (left > 0) & (right > 0))
    join(rows, columns + 1, 1, 0)
    below, above = labels[:-1], labels[1:]
    rows, columns = np.nonzero((below != above) & (below > 0) & (above > 0))
    join(rows + 1, columns, 0, 1)
    nodes = sorted(p for p, next_ in beside.items() if len(next_) != 2)
    chains, done = [], set()
    for start in nodes + sorted(beside):
        for step in beside[start]:
            if (start, step) in done or (start not in nodes and any((start, n) in done for n in beside[start])):
                continue
            chain = [start, step]
            while chain[-1] not in nodes and chain[-1] != start:
                chain.append(next(n for n in beside[chain[-1]] if n != chain[-2]))
            done |= {(a, b) for a, b in zip(chain, chain[1:])} | {(b, a) for a, b in zip(chain, chain[1:])}
            chains.append(chain)
    loose = {p for p in nodes if len(beside[p]) == 1}
    return chains, loose


def anchor(point, refs, arcs):
    """Where on the rim of a governorate a border ends: an existing vertex nearby, or one added to an arc."""
    rim = [(n, k, p) for n, _ in refs for k, p in enumerate(arcs[n])]
    name, k, vertex = min(rim, key=lambda v: (v[2][0] - point[0]) ** 2 + (v[2][1] - point[1]) ** 2)
    if np.hypot(vertex[0] - point[0], vertex[1] - point[1]) <= NEAR:
        return vertex
    name, k = min(((n, k) for n, _ in refs for k in range(len(arcs[n]) - 1)),
                  key=lambda e: LineString(arcs[e[0]][e[1]:e[1] + 2]).distance(Point(point)))
    edge = LineString(arcs[name][k:k + 2])
    on = edge.interpolate(edge.project(Point(point)))
    added = (round(on.x), round(on.y))
    if added in arcs[name]:
        return added
    arcs[name].insert(k + 1, added)
    return added


def draw(chains, refs, arcs):
    """Simplifies the chains; where lines meet that should not, the longer way is tried."""
    steps = [0] * len(chains)
    while True:
        rim = LineString(ring_points(refs, arcs))
        lines = [list(LineString(c).simplify(LADDER[s] * UNIT).coords) for c, s in zip(chains, steps)]
        lines = [[(round(a), round(b)) for a, b in line] for line in lines]
        shapes = [LineString(line) for line in lines]
        bad = set()
        for i, one in enumerate(shapes):
            ends = {lines[i][0], lines[i][-1]}
            if not one.is_simple:
                bad.add(i)
            for j, other in [(None, rim), *((j, shapes[j]) for j in range(i))]:
                met = one.intersection(other)
                meets = {tuple(map(round, p.coords[0])) for p in getattr(met, "geoms", [met]) if p.geom_type == "Point"}
                lines_met = any(p.geom_type != "Point" for p in getattr(met, "geoms", [met]) if not p.is_empty)
                allowed = ends if j is None else ends & {lines[j][0], lines[j][-1]}
                if not met.is_empty and (lines_met or not meets <= allowed):
                    bad.add(i)
                    if j is not None:
                        bad.add(j)
        if not bad:
            return lines
        for i in bad:
            steps[i] += 1
            if steps[i] == len(LADDER):
                raise SystemExit(f"the border from {chains[i][0]} to {chains[i][-1]} cannot be drawn")


def assign(piece, wilayat):
    """The wilayat of an island or exclave: the one that shares most with it, or lies nearest."""
    shares = [piece.intersection(w).area for w in wilayat]
    if max(shares) > 0:
        return int(np.argmax(shares))
    return int(np.argmin([piece.distance(w) for w in wilayat]))


def degrees(points):
    return [(lon / UNIT, lat / UNIT) for lat, lon in points]


def main(governorates, reference, figures, folder):
    regions, arcs, arc_layer = read(governorates)
    rows = list(csv.DictReader(open(figures, encoding="utf-8")))
    for row in rows:
        row["name_en"] = SPELT.get(row["name_en"], row["name_en"])
    known = {SPELT.get(f["properties"]["name_en"], f["properties"]["name_en"]): shape(f["geometry"])
             for f in json.load(open(reference, encoding="utf-8"))["features"]}
    for name, (old, outline) in YOUNG.items():
        piece = Polygon(outline)
        known[name], known[old] = known[old].intersection(piece), known[old].difference(piece)
    made = {}  # wilayat -> polygons, each a list of rings of points
    inner = {}  # name -> points
    ends, mainland = set(), []
    for region in regions:
        code = region["code"]
        names = [r["name_en"] for r in rows if r["governorate"] == code]
        shapes = [known[n] for n in names]
        pieces = [(refs, Polygon(degrees(ring_points(refs, arcs)))) for [refs] in region["refs"]]
        biggest = max(range(len(pieces)), key=lambda i: pieces[i][1].area)
        for n, (refs, piece) in enumerate(pieces):
            if n != biggest:
                made.setdefault(names[assign(piece, shapes)], []).append([ring_points(refs, arcs)])
        refs, piece = pieces[biggest]
        west, south, east, north = (v * UNIT for v in piece.bounds)
        window = (int(south) - 3, int(west) - 3, int(north - south) + 7, int(east - west) + 7)
        here = [n for n, s in zip(names, shapes) if s.intersects(piece)
                and (s.intersection(piece).area > 0.3 * s.area or n not in made)]
        labels = divide(piece, [known[n] for n in here], window)
        chains, loose = trace(labels, window)
        moved = {p: anchor(p, refs, arcs) for p in loose}
        ends |= set(moved.values())
        mainland.append((code, refs, here, labels, window, [[moved.get(p, p) for p in chain] for chain in chains]))
    # Only now does every arc have all its vertices.
    for code, refs, here, labels, window, chains in mainland:
        lines = draw(chains, refs, arcs)
        print(f"{code}: {len(here)} wilayat on the mainland, {len(lines)} borders, "
              f"{sum(map(len, lines))} points", file=sys.stderr)
        rim = ring_points(refs, arcs)
        faces = list(polygonize(unary_union([LineString(rim), *map(LineString, lines)])))
        for face in faces:
            flat = Polygon([(lon, lat) for lat, lon in face.exterior.coords], [[(x, y) for y, x in h.coords] for h in face.interiors])
            label = np.bincount(labels[picture(Polygon(degrees(face.exterior.coords), [degrees(h.coords) for h in face.interiors]), window)],
                                minlength=2)
            label = int(label[1:].argmax())
            rings = []
            for k, ring in enumerate([flat.exterior, *flat.interiors]):
                points = [(round(y), round(x)) for x, y in ring.coords]
                if ring.is_ccw != (k == 0):
                    points.reverse()
                rings.append(points)
            made.setdefault(here[label], []).append(rings)
        if len(faces) != len(here):
            print(f"{code}: {len(faces)} faces for {len(here)} wilayat", file=sys.stderr)
        for line in lines:
            inner[tuple(line)] = code
    arcs, regions = cut(arcs, regions, ends)
    # The two wilayat on either side give a border its name.
    side = {}
    for name, polygons in made.items():
        for ring in (r for p in polygons for r in p):
            for a, b in zip(ring, ring[1:]):
                side[a, b] = name
    of = {row["name_en"]: f"{row['governorate']}-{CODES[row['name_en']]}" for row in rows}
    named, count = {}, {}
    for line in inner:
        pair = " | ".join(sorted([of[side[line[0], line[1]]], of[side[line[1], line[0]]]]))
        count[pair] = count.get(pair, 0) + 1
        named[pair + (f" {count[pair]}" if count[pair] > 1 else "")] = list(line)
    step = {}
    for name, points in [*arcs.items(), *named.items()]:
        for a, b in zip(points, points[1:]):
            step[a, b], step[b, a] = name, "-" + name
    out = []
    for row in sorted(rows, key=lambda r: of[r["name_en"]]):
        polygons = []
        for rings in sorted(made[row["name_en"]], key=lambda p: -Polygon(p[0]).area):
            polygons.append([walk(ring, step) for ring in rings])
        source = "NCSI, register estimate at the end of 2022"
        out.append({
            "code": of[row["name_en"]], "governorate": row["governorate"],
            "name": {"ar": row["name_ar"], "en": row["name_en"]},
            "population": {"count": int(row["population_2022"]), "year": 2022, "source": source},
            **({"border": "approximate"} if row["name_en"] in [*YOUNG, *(o for o, _ in YOUNG.values())] else {}),
            "polygons": polygons,
        })
    write(os.path.join(folder, "governorates.json"), regions, arcs)
    write(os.path.join(folder, "wilayat.json"), out, named)


def walk(ring, step):
    """The arcs along a ring, in order."""
    names = [step[a, b] for a, b in zip(ring, ring[1:])]
    turn = next((i for i in range(len(names)) if names[i] != names[i - 1]), 0)
    names = names[turn:] + names[:turn]
    if len(set(names)) == 1:
        return names[:1]
    return [n for i, n in enumerate(names) if i == 0 or n != names[i - 1]]


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    main(*sys.argv[1:])

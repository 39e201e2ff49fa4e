#!/usr/bin/env python3
"""Digitises governorates.json from a reference GeoJSON: every border once, as an arc on an integer grid.

    digitise.py REFERENCE.geojson > governorates.json

Needs shapely 2. Neighbours in the reference must share their vertices along a common border, as Who's On First's
Mesoshapes do. The parser of src/core/area judges the outcome again; tests/reference/geo_iou.py measures it.
"""
import json
import sys
from collections import Counter, defaultdict

from shapely.geometry import LineString, Point, Polygon, shape
from shapely.validation import explain_validity

UNIT = 1000  # the file's integers are thousandths of a degree
# How finely an arc is drawn: its points lie on every tenth, fifth, second or each of those thousandths, after a
# Douglas-Peucker simplification with a tolerance in degrees. An arc that comes out crossing itself goes a step finer.
LADDER = [(10, 0.002), (5, 0.0015), (2, 0.0012), (1, 0.0008), (1, 0.0003)]
COARSE, FINE = 0, 3
FINE_REGIONS = {"OM-MU"}  # small and jagged: drawn finely throughout; so is every island
LOBE = 0.0002  # square degrees, about 2 km2: a lobe this small that snapping pinches off is cut away
LEAST = 0.00001  # square degrees, about 0.1 km2: smaller rocks are left out

# What lies beyond the outer border, from the reference vertex nearest to (lon, lat) on, counter-clockwise.
TURNS = {
    "OM-MU": [((56.087, 26.063), "ARE"), ((56.268, 25.627), "coast")],
    "OM-BS": [((56.375, 24.981), "ARE")],
    "OM-BU": [((56.188, 24.778), "ARE")],
    "OM-ZA": [((55.418, 23.384), "ARE"), ((55.208, 22.708), "SAU")],
    "OM-WU": [((55.449, 21.346), "SAU")],
    "OM-ZU": [((54.999, 20.000), "SAU"), ((52.0, 19.0), "YEM"), ((53.109, 16.650), "coast")],
}
# A point on each piece that has a name of its own: (lon, lat).
PIECES = {
    "Madha": (56.29, 25.28),
    "Masirah": (58.80, 20.45),
    "Al Hallaniyah": (56.02, 17.51),
    "As Sawda": (55.86, 17.49),
    "Al Hasikiyah": (55.60, 17.475),
    "Al Qibliyah": (56.34, 17.50),
    "Jazirat al Ghanam": (56.352, 26.355),
    "Jazirat Musandam": (56.525, 26.375),
    "Jazirat Mahawt": (58.169, 20.564),
    "Daymaniyat west": (58.066, 23.851),
    "Daymaniyat middle": (58.104, 23.856),
}


def pieces(features):
    """Each polygon of each region, counter-clockwise, open; slivers mended: [(code, points)]."""
    out = []
    for f in sorted(features, key=lambda f: f["properties"]["iso_3166_2"]):
        code, whole = f["properties"]["iso_3166_2"], shape(f["geometry"])
        parts = sorted(getattr(whole, "geoms", [whole]), key=lambda p: -p.area)
        for part in parts:
            if part.area < LEAST:
                continue
            if part.interiors:
                raise SystemExit(f"{code} has a hole: teach me holes")
            points = list(part.exterior.coords)[:-1]
            out.append((code, points if part.exterior.is_ccw else points[::-1]))
    return out


def beyond(rings):
    """For each ring the name of what lies beyond each of its edges: a code, or "" for the outside."""
    owner = defaultdict(list)
    for n, (_, pts) in enumerate(rings):
        for a, b in zip(pts, pts[1:] + pts[:1]):
            owner[min(a, b), max(a, b)].append(n)
    sides = []
    for n, (_, pts) in enumerate(rings):
        other = [[m for m in owner[min(a, b), max(a, b)] if m != n] for a, b in zip(pts, pts[1:] + pts[:1])]
        sides.append([rings[o[0]][0] if o else "" for o in other])
    return sides


def mend(rings):
    """Two flaws of the reference: a hairline gap between neighbours is closed, a sliver cut off from its region is
    given to the neighbour it borders longest."""
    sides = beyond(rings)
    kept = []
    for n, (code, pts) in enumerate(rings):
        met = [s for s in sides[n] if s]
        if met and len(met) == len(pts) and len(pts) < 40:
            heir = Counter(met).most_common(1)[0][0]
            m = next(m for m, (c, p) in enumerate(rings) if c == heir and len(p) > 40)
            joined = Polygon(rings[m][1]).union(Polygon(pts))
            print(f"{code}: a sliver of {len(pts)} points goes to {heir}", file=sys.stderr)
            rings[m] = (heir, list(joined.exterior.coords)[:-1])
            if not joined.exterior.is_ccw:
                rings[m] = (heir, rings[m][1][::-1])
            rings[n] = None
    rings = [r for r in rings if r]
    sides = beyond(rings)
    for (code, pts), side in zip(rings, sides):
        # A short outer run between two runs along one neighbour is the rim of a gap: cut straight across it.
        k = len(pts)
        starts = [i for i in range(k) if side[i] != side[i - 1]]
        drop = set()
        for i, j in zip(starts, starts[1:] + starts[:1]):
            if side[i] == "" and side[i - 1] and side[i - 1] == side[j] and (j - i) % k < 20:
                drop |= {q % k for q in range(i + 1, i + (j - i) % k)}
                print(f"{code}: a gap towards {side[j]} at {pts[i]} is closed", file=sys.stderr)
        kept.append((code, [p for i, p in enumerate(pts) if i not in drop]))
    return kept


def arcs_of(rings):
    """Cuts the rings into arcs: {name: points}, and per ring the arcs that make it: [(code, [(name, forward)])]."""
    arcs, made, count, chain = {}, [], Counter(), {}
    for (code, pts), side in zip(rings, beyond(rings)):
        k = len(pts)
        piece = next((n for n, at in PIECES.items() if Polygon(pts).covers(Point(at))), None)
        whole = not any(side)
        small = whole and k < 500
        if not small:  # name the outside of a mainland edge by edge
            turns = {min(range(k), key=lambda i: Point(pts[i]).distance(Point(at))): to
                     for at, to in TURNS.get(code, [])}
            begin = next(iter(turns)) if whole else next(i for i in range(k) if side[i] != side[i - 1])
            label = "coast"
            for i in (q % k for q in range(begin, begin + k)):
                if side[i]:
                    label = "coast"
                else:
                    label = turns.get(i, label)
                    side[i] = label
            starts = [i for i in range(k) if side[i] != side[i - 1]]
        else:
            starts = [0]
        refs = []
        for i, j in zip(starts, starts[1:] + starts[:1]):
            run = [pts[q % k] for q in range(i, i + ((j - i) % k or k) + 1)]
            key = min(tuple(run), tuple(run[::-1]))
            if key not in chain:
                if small:
                    name = f"{code} {piece or 'island'}"
                elif side[i].startswith("OM-"):
                    name = " | ".join(sorted([code, side[i]]))
                else:
                    name = f"{code} {side[i]}" if side[i] == "coast" else f"{code} | {side[i]}"
                count[name] += 1
                if count[name] > 1 or name.endswith("island"):
                    name += f" {count[name]}"
                chain[key] = (name, run[0], run[1])
                arcs[name] = (run, FINE if small or code in FINE_REGIONS else COARSE)
                refs.append((name, True))
            else:
                refs.append((chain[key][0], chain[key][1:] == (run[0], run[1])))
        made.append((code, refs))
    return arcs, made


def snap(points, step):
    """Simplifies and snaps one arc; where it is open its ends, which other arcs share, go to the coarsest grid."""
    grid, tolerance = LADDER[step]
    line = LineString(points).simplify(tolerance, preserve_topology=True)
    out = []
    for i, (lon, lat) in enumerate(line.coords):
        end = i in (0, len(line.coords) - 1) and points[0] != points[-1]
        g = LADDER[COARSE][0] if end else grid
        p = (round(lat * UNIT / g) * g, round(lon * UNIT / g) * g)
        if i and p in out and not (p == out[0] and i == len(line.coords) - 1):
            lobe = out[out.index(p):]
            if len(lobe) < 3 or Polygon(lobe).area <= LOBE * UNIT * UNIT:
                del out[out.index(p) + 1:]
                continue
        if not out or out[-1] != p:
            out.append(p)
    changed = True
    while changed:  # a point on the straight line between its neighbours says nothing
        changed = False
        for i in range(1, len(out) - 1):
            (a, b), (c, d), (e, f) = out[i - 1:i + 2]
            if (c - a) * (f - b) == (d - b) * (e - a):
                out.pop(i)
                changed = True
                break
    return out


def ring_points(refs, drawn):
    pts = []
    for name, forward in refs:
        run = drawn[name] if forward else drawn[name][::-1]
        if pts and pts[-1] != run[0]:
            raise SystemExit(f"{name} does not begin where the arc before it ends")
        pts += run if not pts else run[1:]
    return pts


def draw(arcs, made):
    """Snaps every arc; as long as a ring is invalid, the arc nearest to the flaw is drawn a step finer."""
    steps = {name: step for name, (_, step) in arcs.items()}
    while True:
        drawn = {name: snap(run, steps[name]) for name, (run, _) in arcs.items()}
        flaws = 0
        for code, refs in made:
            ring = Polygon([(x, y) for y, x in ring_points(refs, drawn)])
            if ring.is_valid:
                continue
            flaws += 1
            why = explain_validity(ring)
            at = Point(*(float(v) for v in why[why.index("[") + 1:-1].split()))
            names = [n for n, _ in refs if steps[n] + 1 < len(LADDER)]
            worst = min(names, key=lambda n: LineString([(x, y) for y, x in drawn[n]]).distance(at))
            steps[worst] += 1
            print(f"{code}: {why}: {worst} to step {steps[worst]}", file=sys.stderr)
        if not flaws:
            break
    shapes = [Polygon([(x, y) for y, x in ring_points(refs, drawn)]) for _, refs in made]
    for n, (code, refs) in enumerate(made):
        if len(refs) == 1 and refs[0][0].split()[-2:-1] == ["island"]:
            if any(m != n and other.intersects(shapes[n]) for m, other in enumerate(shapes)):
                print(f"{refs[0][0]} runs into the coast as drawn and is left out", file=sys.stderr)
                del drawn[refs[0][0]]
                shapes[n] = Polygon()
    made[:] = [(code, refs) for code, refs in made if refs[0][0] in drawn]
    return drawn


def write(features, drawn, made):
    say = lambda v: json.dumps(v, ensure_ascii=False)
    print("{")
    print(' "unit": "1/1000 degree, latitude first",')
    print(' "regions": [')
    props = {f["properties"]["iso_3166_2"]: f["properties"] for f in features}
    for key in ("name_en", "capital_en"):  # as the register of ISO 3166-2 spells it
        props["OM-BU"][key] = "Al Buraimi"
    for n, code in enumerate(sorted(props)):
        p = props[code]
        rings = [[name if forward else "-" + name for name, forward in refs] for c, refs in made if c == code]
        print(f'  {{"code": "{code}",')
        print(f'   "name": {say({"ar": p["name_ar"], "en": p["name_en"]})},')
        print(f'   "capital": {say({"ar": p["capital_ar"], "en": p["capital_en"]})},')
        people = {"count": p["population_2022"], "year": 2022, "source": "NCSI, register estimate at the end of 2022"}
        print(f'   "population": {say(people)},')
        print('   "polygons": [')
        print(",\n".join("    [" + say(r) + "]" for r in rings) + "]}" + ("," if n + 1 < len(props) else ""))
    print(" ],")
    print(' "arcs": {')
    for n, name in enumerate(sorted(drawn)):
        print(f"  {say(name)}: [")
        line, lines = "", []
        for lat, lon in drawn[name]:
            if len(line) > 96:
                lines.append(line)
                line = ""
            line += f"{' ' if line else ''}{lat},{lon}"
        print(",\n".join(f'   "{text}"' for text in [*lines, line]) + "]" + ("," if n + 1 < len(drawn) else ""))
    print(" }")
    print("}")


if __name__ == "__main__":
    features = json.load(open(sys.argv[1], encoding="utf-8"))["features"]
    arcs, made = arcs_of(mend(pieces(features)))
    drawn = draw(arcs, made)
    write(features, drawn, made)
    reference = {f["properties"]["iso_3166_2"]: shape(f["geometry"]) for f in features}
    ours_of = {}
    for code in reference:
        ours = [Polygon([(x / UNIT, y / UNIT) for y, x in ring_points(r, drawn)]) for c, r in made if c == code]
        whole = ours[0]
        for part in ours[1:]:
            whole = whole.union(part)
        iou = whole.intersection(reference[code]).area / whole.union(reference[code]).area
        for other in ours_of:
            if whole.intersection(ours_of[other]).area > 0:
                raise SystemExit(f"{code} overlaps {other}")
        ours_of[code] = whole
        points = sum(len(p.exterior.coords) for p in ours)
        print(f"{code} {iou:.4f} {len(ours)} pieces {points} points", file=sys.stderr)
    print(f"{len(drawn)} arcs, {sum(map(len, drawn.values()))} points", file=sys.stderr)

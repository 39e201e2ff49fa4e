"""Reads, cuts and writes files of regions: rings of arcs that are written once, on an integer grid."""
import json

UNIT = 1000  # the files' integers are thousandths of a degree, latitude first


def read(path):
    """Regions (their polygons also as `refs`: rings of (name, forward)), arcs by name, and the file itself."""
    whole = json.load(open(path, encoding="utf-8"))
    arcs = {n: [tuple(map(int, p.split(","))) for line in lines for p in line.split()]
            for n, lines in whole["arcs"].items()}
    for region in whole["regions"]:
        region["refs"] = [[[(n.removeprefix("-"), not n.startswith("-")) for n in ring] for ring in polygon]
                          for polygon in region["polygons"]]
    return whole["regions"], arcs, whole


def ring_points(refs, arcs):
    """The points of a ring, closed."""
    points = []
    for name, forward in refs:
        run = arcs[name] if forward else arcs[name][::-1]
        if points and points[-1] != run[0]:
            raise SystemExit(f"{name} does not begin where the arc before it ends")
        points += run if not points else run[1:]
    return points


def cut(arcs, regions, at):
    """Cuts the arcs wherever one of the points of `at` lies on them, and the rings that use them with them."""
    pieces, out = {}, {}
    for name, points in arcs.items():
        places = [k for k in range(1, len(points) - 1) if points[k] in at]
        runs = [points[a:b + 1] for a, b in zip([0, *places], [*places, len(points) - 1])]
        names = [name] if len(runs) == 1 else [f"{name} /{k}" for k in range(1, len(runs) + 1)]
        pieces[name] = names
        out.update(zip(names, runs))
    for region in regions:
        region["polygons"] = [[[n for ref, forward in ring for n in
                                (pieces[ref] if forward else ["-" + p for p in reversed(pieces[ref])])]
                               for ring in polygon] for polygon in region["refs"]]
    return out, regions


def write(path, regions, arcs):
    """One file; regions as they are, arcs by name."""
    say = lambda v: json.dumps(v, ensure_ascii=False)
    with open(path, "w", encoding="utf-8") as f:
        print("{", file=f)
        print(' "unit": "1/1000 degree, latitude first",', file=f)
        print(' "regions": [', file=f)
        for n, region in enumerate(regions):
            keys = ["code", "governorate", "name", "capital", "population", "border"]
            lines = [f'"{k}": {say(region[k])}' for k in keys if region.get(k)]
            print("  {" + ",\n   ".join(lines) + ",", file=f)
            print('   "polygons": [', file=f)
            rows = ",\n".join("    " + say(polygon) for polygon in region["polygons"])
            print(rows + "]}" + ("," if n + 1 < len(regions) else ""), file=f)
        print(" ],", file=f)
        print(' "arcs": {', file=f)
        for n, name in enumerate(sorted(arcs)):
            line, lines = "", []
            for lat, lon in arcs[name]:
                if len(line) > 96:
                    lines.append(line)
                    line = ""
                line += f"{' ' if line else ''}{lat},{lon}"
            text = ",\n".join(f'   "{part}"' for part in [*lines, line])
            print(f"  {say(name)}: [\n{text}]" + ("," if n + 1 < len(arcs) else ""), file=f)
        print(" }", file=f)
        print("}", file=f)

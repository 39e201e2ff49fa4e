#!/usr/bin/env python3
"""Compares our governorates and wilayat with a reference, region by region: intersection over union, on an equal-area plane.

    geo_iou.py DIR      (DIR/geo holds governorates.geojson and wilayat.geojson; $NADHIR, or nadhir, exports ours)

Needs shapely 2. A wilayat that the reference does not have was cut out of one that it has: both together are compared
with that one. Exits 1 when a region is missing, invalid, overlaps another, or lies below its floor; wilayat of less than
300 km2 have none.
"""
import json
import math
import os
import subprocess
import sys

from shapely import transform
from shapely.geometry import shape
from shapely.ops import unary_union

FLOOR = {"OM-MU": 0.93}
OTHERS = 0.97
WILAYAT = 0.93
SMALL = 300.0  # km2
CUT_FROM = {"Al Jabal Al Akhdar": "Nizwa", "Sinaw": "Al Mudhaibi"}
SPELT = {"Al Buraymi": "Al Buraimi"}


def ours(layer):
    command = [os.environ.get("NADHIR", "nadhir"), "regions", "export", "--layer", layer]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)["features"]


def reference(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)["features"]


def by(features, key):
    shapes = {}
    for f in features:
        name = SPELT.get(f["properties"][key], f["properties"][key])
        shapes.setdefault(CUT_FROM.get(name, name), []).append(shape(f["geometry"]))
    return shapes


def equal_area(geometry):
    """Lambert's cylinder: every region in true proportion of area."""
    def project(xy):
        out = xy.copy()
        out[:, 0] = [math.radians(x) * 6371.0 for x in xy[:, 0]]
        out[:, 1] = [math.sin(math.radians(y)) * 6371.0 for y in xy[:, 1]]
        return out
    return transform(geometry, project)


def compare(drawn, wanted, floor_of):
    bad = 0
    print(f"{'region':32} iou     ours_km2  ref_km2")
    for name in sorted(wanted):
        if name not in drawn:
            print(f"{name:32} missing")
            bad += 1
            continue
        a, b = equal_area(unary_union(drawn[name])), equal_area(wanted[name][0])
        iou = a.intersection(b).area / a.union(b).area
        floor = floor_of(name, b.area)
        ok = iou >= floor and all(part.is_valid for part in drawn[name])
        bad += not ok
        print(f"{name:32} {iou:.4f}  {a.area:8.0f} {b.area:8.0f}" + ("" if ok else f"  BELOW {floor} or invalid"))
    return bad


def overlaps(drawn):
    shapes = [(name, s) for name in sorted(drawn) for s in drawn[name]]
    bad = 0
    for i, (one, a) in enumerate(shapes):
        for other, b in shapes[i + 1:]:
            if a.intersects(b) and (shared := a.intersection(b).area) > 0:
                print(f"{one} and {other} overlap by {shared} square degrees")
                bad += 1
    return bad


def main(folder):
    geo = os.path.join(folder, "geo")
    governorates, wilayat = by(ours("governorates"), "iso_3166_2"), by(ours("wilayat"), "name_en")
    bad = compare(governorates, by(reference(os.path.join(geo, "governorates.geojson")), "iso_3166_2"),
                  lambda name, _: FLOOR.get(name, OTHERS))
    bad += compare(wilayat, by(reference(os.path.join(geo, "wilayat.geojson")), "name_en"),
                   lambda _, km2: WILAYAT if km2 > SMALL else 0.0)
    bad += overlaps(governorates) + overlaps(wilayat)
    # Parts on the same grid: nothing is lost or counted twice.
    whole = {code: s[0] for code, s in governorates.items()}
    for f in ours("wilayat"):
        outside = shape(f["geometry"]).difference(whole[f["properties"]["governorate"]]).area
        if outside > 1e-12:
            print(f"{f['properties']['code']} lies outside its governorate with {outside} square degrees")
            bad += 1
    print(f"{len(governorates)} governorates and {sum(map(len, wilayat.values()))} wilayat compared, {bad} disagree")
    return 1 if bad else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1]))

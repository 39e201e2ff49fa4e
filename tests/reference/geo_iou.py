#!/usr/bin/env python3
"""Compares our governorates with a reference, region by region: intersection over union, on an equal-area plane.

    geo_iou.py OURS.geojson REFERENCE.geojson      (OURS as `nadhir regions export` writes it)

Needs shapely 2. Exits 1 when a region is missing, invalid, overlaps another, or lies below its floor.
"""
import json
import math
import sys

from shapely import transform
from shapely.geometry import shape

FLOOR = {"OM-MU": 0.93}
OTHERS = 0.97


def regions(path):
    features = json.load(open(path, encoding="utf-8"))["features"]
    return {f["properties"]["iso_3166_2"]: shape(f["geometry"]) for f in features}


def equal_area(geometry):
    """Lambert's cylinder: every region in true proportion of area."""
    def project(xy):
        out = xy.copy()
        out[:, 0] = [math.radians(x) * 6371.0 for x in xy[:, 0]]
        out[:, 1] = [math.sin(math.radians(y)) * 6371.0 for y in xy[:, 1]]
        return out
    return transform(geometry, project)


def main(ours_path, reference_path):
    ours, reference = regions(ours_path), regions(reference_path)
    bad = 0
    print("region  iou     ours_km2  ref_km2  parts  points")
    for code in sorted(reference):
        if code not in ours:
            print(f"{code}  missing")
            bad += 1
            continue
        a, b = equal_area(ours[code]), equal_area(reference[code])
        iou = a.intersection(b).area / a.union(b).area
        parts = getattr(ours[code], "geoms", [ours[code]])
        points = sum(len(p.exterior.coords) + sum(len(i.coords) for i in p.interiors) for p in parts)
        floor = FLOOR.get(code, OTHERS)
        ok = iou >= floor and ours[code].is_valid
        bad += not ok
        print(f"{code}   {iou:.4f}  {a.area:8.0f} {b.area:8.0f}  {len(parts):5} {points:7}" + ("" if ok else f"  BELOW {floor} or invalid"))
    codes = sorted(ours)
    for i, one in enumerate(codes):
        for other in codes[i + 1:]:
            shared = ours[one].intersection(ours[other]).area
            if shared > 0:
                print(f"{one} and {other} overlap by {shared} square degrees")
                bad += 1
    return 1 if bad else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))

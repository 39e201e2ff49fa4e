#!/usr/bin/env python3
"""Cuts Nahwa, which belongs to the United Arab Emirates, out of Madha: in governorates.json and wilayat.json.

    nahwa.py FOLDER

Run after wilayat.py. The outline is this project's own, twelve corners about 1.2 km around the middle of Nahwa, for the
4.4 km2 that are published; no reference draws it well. A second run changes nothing.
"""
import math
import os
import sys

from arcs import UNIT, read, write

NAME = "OM-MU | ARE Nahwa"
AROUND = ["OM-MU Madha"]  # the ring it lies in, in both files
LAT, LON, KM, CORNERS = 25.270, 56.278, 1.2, 12


def outline():
    """A closed ring, latitude first, clockwise as holes are."""
    turns = [2 * math.pi * n / CORNERS for n in range(CORNERS)]
    ring = [(round((LAT + KM / 110.8 * math.cos(t)) * UNIT),
             round((LON + KM / (111.3 * math.cos(math.radians(LAT))) * math.sin(t)) * UNIT)) for t in turns]
    return [*ring, ring[0]]


def main(folder):
    for file in ("governorates.json", "wilayat.json"):
        path = os.path.join(folder, file)
        regions, arcs, _ = read(path)
        for region in regions:
            for polygon in region["polygons"]:
                if polygon == [AROUND]:
                    polygon.append([NAME])
        if AROUND[0] in arcs:
            arcs[NAME] = outline()
        write(path, regions, arcs)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])

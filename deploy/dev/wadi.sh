#!/usr/bin/env bash
# A wadi flood of this hour as CAP on stdout: the sample alert, from now on for six hours, Muscat time, with a new identifier.
#
#   deploy/dev/wadi.sh | nadhir alert submit --token TOKEN -
set -euo pipefail

sample=$(dirname "$0")/../../cap-schemas/samples/good/wadi-flood-ad-dakhiliyah.xml
export TZ=UTC-4
now=$(date +%s) end=$(date -d '+6 hours' +%s)
at() { date -d "@$1" "+$2"; }
sed -e "s/2026-11-22T06:30:00/$(at "$now" %FT%T)/; s/2026-11-22T12:30:00/$(at "$end" %FT%T)/" \
  -e "s/20261122063000/$(at "$now" %Y%m%d%H%M%S)/" \
  -e "s|22/11|$(at "$now" %d/%m)|; s/06:30/$(at "$now" %H:%M)/; s/12:30/$(at "$end" %H:%M)/" "$sample"

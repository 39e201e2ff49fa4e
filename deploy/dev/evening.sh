#!/usr/bin/env bash
# A hub of one's own for an evening: three simulated operators, a hub on loopback ports, two persons. It prints what to
# export and stays up until Ctrl-C; its files are in run/evening/ and begin anew each time.
#
#   deploy/dev/evening.sh        (after: cargo build --workspace)
set -euo pipefail

cd "$(dirname "$0")/../.."
bin=${NADHIR_BIN:-$PWD/target/debug}
if [[ ! -x $bin/nadhir || ! -x $bin/nadhir-simulator ]]; then
  echo "evening: build first: cargo build --workspace" >&2
  exit 1
fi
if (exec 3<>/dev/tcp/127.0.0.1/7420) 2>/dev/null; then
  echo "evening: something listens on 127.0.0.1:7420 already; end it first (a demonstration? another evening?)" >&2
  exit 1
fi
rm -rf run/evening
mkdir -p run/evening
cd run/evening

# The simulator's first lines say where its operators listen.
"$bin/nadhir-simulator" serve >operators.jsonl &
simulator=$!
hub=
trap 'kill "$simulator" $hub 2>/dev/null || true; wait' EXIT
trap 'exit 0' INT TERM
for _ in {1..100}; do
  [[ $(wc -l <operators.jsonl) -lt 3 ]] || break
  kill -0 "$simulator" || exit 1
  sleep 0.1
done

{
  printf '[hub]\nstore = "record.sqlite"\noperators = ["omantel", "ooredoo", "vodafone"]\n\n'
  # The key of a hub that may send live warnings. Here they end in the simulator.
  printf '[live]\nkey = "reaches-the-public"\ndeployment = "evening, simulated"\n\n'
  printf '[transport]\nkind = "loopback"\n'
  while IFS='"' read -r _ _ _ operator _ _ _ url _; do
    "$bin/nadhir-simulator" cells --operator "$operator" >"$operator.csv"
    printf '\n[adapter.%s]\ncbc = "%s"\ncells = "%s.csv"\nledger = "%s.sqlite"\n' \
      "$operator" "$url" "$operator" "$operator"
  done <operators.jsonl
} >nadhir.toml

person() { "$bin/nadhir" person add "$1" 2>/dev/null | grep -o 'ndr_[0-9a-f]*'; }
amal=$(person 'Amal (author)')
badr=$(person 'Badr (approver)')

# A warning of this hour: the sample wadi flood, from now on for six hours, Muscat time.
export TZ=UTC-4
now=$(date +%s) end=$(date -d '+6 hours' +%s)
at() { date -d "@$1" "+$2"; }
sed -e "s/2026-11-22T06:30:00/$(at "$now" %FT%T)/; s/2026-11-22T12:30:00/$(at "$end" %FT%T)/" \
  -e "s/20261122063000/$(at "$now" %Y%m%d%H%M%S)/" \
  -e "s|22/11|$(at "$now" %d/%m)|; s/06:30/$(at "$now" %H:%M)/; s/12:30/$(at "$end" %H:%M)/" \
  ../../cap-schemas/samples/good/wadi-flood-ad-dakhiliyah.xml >wadi.xml

"$bin/nadhir" serve >hub.log 2>&1 &
hub=$!
sleep 1
kill -0 "$hub" 2>/dev/null || { cat hub.log >&2; exit 1; }
cat <<END

The hub listens on http://127.0.0.1:7420. In another terminal:

  export PATH=$bin:\$PATH AMAL=$amal BADR=$badr

  nadhir alert submit --token \$AMAL run/evening/wadi.xml

To see the board in a browser, sign in there with AMAL or BADR. Ctrl-C ends it all.
END
wait "$hub"

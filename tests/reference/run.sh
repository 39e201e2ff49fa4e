#!/usr/bin/env bash
# Compares Nadhir with reference data that is kept beside the repository and never in it: real alerts, byte vectors of
# other decoders, geography. Runs every script of this folder and nadhir-core's vector check; fails if any of them does.
#
#   run.sh [DIR]    DIR holds the reference data: cap/, geo/, vectors/. Default: the folder `shared` beside the repository.
set -euo pipefail
cd "$(dirname "$0")/../.."

data=${1:-../shared}
for part in cap geo vectors; do
  [[ -d $data/$part ]] || { echo "reference: no $data/$part here; give the folder with the reference data" >&2; exit 2; }
done
NADHIR_REFERENCE=$(cd "$data" && pwd)
export NADHIR_REFERENCE

ran=()
failed=()
run() { # NAME COMMAND...
  local name=$1
  shift
  echo "== $name"
  if "$@"; then ran+=("$name"); else failed+=("$name"); fi
}

cargo build --release --locked
export NADHIR=$PWD/target/release/nadhir

shopt -s nullglob
for script in tests/reference/*.sh tests/reference/*.py; do
  case $script in
    */run.sh) ;;
    *.sh) run "$script" bash "$script" "$NADHIR_REFERENCE" ;;
    *.py) run "$script" python3 -B "$script" "$NADHIR_REFERENCE" ;;
  esac
done
for example in src/core/examples/check_*.rs; do
  name=$(basename "$example" .rs)
  run "$example" cargo run --quiet --release --locked -p nadhir-core --example "$name" -- "$NADHIR_REFERENCE"
done

echo "== passed: ${#ran[@]}; failed: ${#failed[@]}"
printf '   FAILED %s\n' "${failed[@]}" >&2
((${#ran[@]} + ${#failed[@]} > 0)) || { echo "reference: nothing to run" >&2; exit 1; }
((${#failed[@]} == 0))

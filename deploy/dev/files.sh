#!/usr/bin/env bash
# Checks the files of deploy/ with the tools they are for, where these are there: units with systemd-analyze, alarms with
# promtool, compose with docker. Says what it did not check.
set -euo pipefail
cd "$(dirname "$0")/../.."

left_out=()
have() { command -v "$1" >/dev/null || { left_out+=("$2"); return 1; }; }

kept=${XDG_CACHE_HOME:-$HOME/.cache}/nadhir
PATH=$PATH:$kept # where install.sh puts promtool
if have promtool "alarms (no promtool)"; then
  promtool check config deploy/prometheus/prometheus.yml >/dev/null
  promtool test rules deploy/prometheus/rules_test.yml >/dev/null
  echo "alarms: good"
fi

if have systemd-analyze "units (no systemd-analyze)"; then
  dir=$(mktemp -d)
  trap 'rm -rf "$dir"' EXIT
  # The units as they are, but for the program, which is not installed here.
  for unit in deploy/systemd/*.service deploy/systemd/*.timer; do
    sed 's#^ExecStart=/usr/bin/nadhir #ExecStart=/bin/true #' "$unit" >"$dir/$(basename "$unit")"
  done
  systemd-analyze verify --man=no "$dir"/nadhir-hub.service "$dir"/nadhir-adapter@omantel.service \
    "$dir"/nadhir-backup.service "$dir"/nadhir-backup.timer
  systemd-sysusers --dry-run "$PWD"/deploy/systemd/sysusers.conf >/dev/null 2>&1
  echo "units: good"
fi

if docker compose version >/dev/null 2>&1; then
  secrets=deploy/compose/secrets
  [[ -d $secrets ]] || { deploy/compose/secrets.sh >/dev/null && made=1; }
  docker compose -f deploy/compose.yaml config --quiet
  [[ -z ${made:-} ]] || rm -rf "$secrets"
  echo "compose: good"
elif python3 -c 'import yaml' 2>/dev/null; then
  python3 -c 'import yaml; yaml.safe_load(open("deploy/compose.yaml"))["services"]["hub"]["image"]'
  echo "compose: reads as YAML (no docker compose to check it further)"
else
  left_out+=("compose (no docker compose)")
fi

((${#left_out[@]} == 0)) || printf 'not checked: %s\n' "${left_out[@]}"

#!/usr/bin/env bash
# Installs from Debian what the tests use beyond Rust, make and a C compiler. Quick when all is there; starts no service.
set -euo pipefail

# rabbitmq-server: the broker the broker tests start for themselves. libxml2-utils: xmllint, a second opinion on CAP; python3
# asks it. tshark reads what a base station controller gets.
# chromium and fonts-noto-core: the browser of the pages' tests, with letters for all four languages.
packages=(rabbitmq-server libxml2-utils python3 tshark chromium fonts-noto-core)
# Node 18 or newer runs the pages' tests; whichever is there is taken.
command -v npm >/dev/null || packages+=(nodejs npm)

fail() { echo "install: $*" >&2; exit 1; }

command -v cargo >/dev/null || fail "no cargo: install Rust 1.90 or newer first"
command -v cc >/dev/null || fail "no C compiler: apt-get install gcc libc6-dev"
command -v dpkg-query >/dev/null || fail "this is no Debian: provide ${packages[*]} yourself"

# promtool tests the alarms. Its package would bring a server and much besides: the one program is taken out of it. Without
# it the alarms go unchecked, and deploy/dev/files.sh says so.
get_promtool() {
  local to=${XDG_CACHE_HOME:-$HOME/.cache}/nadhir dir
  if command -v promtool >/dev/null || [[ -x $to/promtool ]]; then return; fi
  dir=$(mktemp -d)
  if (cd "$dir" && apt-get download -q prometheus >/dev/null 2>&1 && dpkg -x prometheus_*.deb .); then
    mkdir -p "$to"
    mv "$dir/usr/bin/promtool" "$to/promtool"
    echo "promtool: $to/promtool"
  else
    echo "no promtool: the alarms will go unchecked" >&2
  fi
  rm -rf "$dir"
}

missing=()
for package in "${packages[@]}"; do
  state=$(dpkg-query -W -f='${Status}' "$package" 2>/dev/null || true)
  [[ $state == "install ok installed" ]] || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  echo "all there: ${packages[*]}"
  get_promtool
  exit 0
fi

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null || fail "missing ${missing[*]}: install them as root, there is no sudo here"
  as_root=(sudo)
fi

epmds() {
  local comm
  for comm in /proc/[0-9]*/comm; do
    [[ $(cat "$comm" 2>/dev/null || true) == epmd ]] && basename "$(dirname "$comm")"
  done
  true
}

# The package would start a broker and a name server open to the network; the tests want neither.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
fi
before=$(epmds)

echo "installing ${missing[*]}"
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "${missing[@]}"

# rabbitmq-server's post-install leaves an epmd on every address, policy or not: end the one that was not there before.
for pid in $(epmds); do
  grep -qx "$pid" <<<"$before" || "${as_root[@]}" kill "$pid" 2>/dev/null || true
done
get_promtool

#!/usr/bin/env bash
# Runs a command beside a private RabbitMQ on free loopback ports, its addresses in NADHIR_AMQP_URL*; whatever becomes
# of the command, the broker is stopped and its files are gone afterwards.
#
#   with-broker.sh COMMAND [ARG...]
set -euo pipefail

(($# > 0)) || { sed -n '2,5s/^# \?//p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
dir=$(mktemp -d "${TMPDIR:-/tmp}/nadhir-broker.XXXXXX")
# As root the broker runs as a user of its own, who must reach its folder.
chmod 755 "$dir"

# Tests start nodes of their own below TMPDIR; one that was ended in mid-air leaves its node behind, so all are stopped.
end() {
  local port
  for port in "$dir"/*/port; do
    [[ ! -f $port ]] || "$here/rabbitmq.sh" stop "${port%/port}" ||
      echo "with-broker: the broker in ${port%/port} did not stop" >&2
  done
  rm -rf "$dir"
}
trap end EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

taken() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# rabbitmq.sh also uses the ports 10,000 and 20,000 above; all three stay below those the kernel gives to clients.
port=
for _ in {1..50}; do
  try=$((6000 + RANDOM % 6000))
  if ! taken "$try" && ! taken $((try + 10000)) && ! taken $((try + 20000)); then
    port=$try
    break
  fi
done
[[ -n $port ]] || { echo "with-broker: no free port found" >&2; exit 1; }

lines=$("$here/rabbitmq.sh" start "$dir/node" "$port")
while IFS= read -r line; do
  [[ $line == *=* ]] && export "${line?}"
done <<<"$lines"
export TMPDIR=$dir

"$@"

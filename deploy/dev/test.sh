#!/usr/bin/env bash
# The checks, step by step, each with its time. `check` is the inner loop and needs no service; `all` is everything,
# with a RabbitMQ of its own. Stops at the first step that fails and says which.
#
#   test.sh check | all
set -euo pipefail
cd "$(dirname "$0")/../.."

# Generated cases are the same at every run, so that a red run can be had again; another seed tries others.
export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-20261122}

began=$SECONDS
steps=0
now=

report() {
  local code=$?
  if ((code == 0)); then
    echo "== passed: $steps steps in $((SECONDS - began)) s"
  else
    echo "== FAILED at \"$now\" (exit $code) after $((SECONDS - began)) s" >&2
  fi
}
trap report EXIT

step() { # NAME COMMAND...
  now=$1
  shift
  local start=$SECONDS
  echo "== $now: $*"
  "$@"
  steps=$((steps + 1))
  echo "== $now: $((SECONDS - start)) s"
}

nextest() { command -v cargo-nextest >/dev/null; }
if [[ -n ${CI:-} ]]; then profile=ci; else profile=default; fi

lint() {
  step format cargo fmt --all --check
  step clippy cargo clippy --workspace --all-targets --all-features --locked -- -D warnings
}

# The pages in a headless Chromium, against the demonstration.
browser() {
  cargo build -p nadhir --locked
  npm --prefix console ci --silent
  npm --prefix console test
}

# The evening of three people once more, with hub and adapters as processes over a RabbitMQ.
evening_over_amqp() {
  NADHIR_EVENING=amqp deploy/dev/with-broker.sh node --test console/tests/evening.mjs console/tests/minutes.mjs
}

# Our verdict on CAP against the project's own schema, as xmllint judges by it.
against_schema() {
  cargo build -p nadhir --locked
  python3 -B tests/reference/cap_against_schema.py --own --mutations 4000
}

# One build serves the tests without and with a broker: only the filter differs.
with_features=(--workspace --features broker-tests,tshark-tests --locked)

case ${1:-} in
check)
  lint
  if nextest; then
    step tests cargo nextest run --workspace --locked --profile "$profile"
  else
    step tests cargo test --workspace --locked --lib --bins --tests
  fi
  ;;
all)
  step install deploy/dev/install.sh
  lint
  if nextest; then
    step tests cargo nextest run "${with_features[@]}" --profile "$profile" -E 'not binary(/^(broker|tshark)/)'
  else
    step tests cargo test --workspace --locked --lib --bins --tests
  fi
  step "doc tests" cargo test "${with_features[@]}" --doc --quiet
  # It fails, and never skips, without tshark.
  if nextest; then
    step "wire forms" cargo nextest run "${with_features[@]}" --profile "$profile" -E 'binary(tshark)'
  else
    step "wire forms" cargo test "${with_features[@]}" --test tshark
  fi
  step "deploy files" deploy/dev/files.sh
  step "CAP against its schema" against_schema
  step browser browser
  step "evening over AMQP" evening_over_amqp
  # These fail, and never skip, without a broker.
  if nextest; then
    step "broker tests" deploy/dev/with-broker.sh \
      cargo nextest run "${with_features[@]}" --profile "$profile" -E 'binary(/^broker/)'
  else
    step "broker tests" deploy/dev/with-broker.sh cargo test "${with_features[@]}" --test 'broker*'
  fi
  ;;
*)
  sed -n '2,5s/^# \?//p' "$0" >&2
  trap - EXIT
  exit 2
  ;;
esac

# Nadhir: what there is to run. `make` alone lists it. Needs Rust, make and a C compiler; `test` installs the rest.

.DEFAULT_GOAL := help
.PHONY: help demo demo-amqp test check bench reference faults clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' Makefile | expand -t 18

demo: ## builds, starts hub, operators and phones on loopback, sends one warning, stays up until Ctrl-C
	cargo build --profile demo --locked --bin nadhir
	target/demo/nadhir demo

demo-amqp: ## the same over a private RabbitMQ: hub, adapters and operators are processes, each with its own credential
	cargo build --release --locked
	@deploy/dev/with-broker.sh target/release/nadhir demo --transport amqp --simulator target/release/nadhir-simulator

test: ## everything: what it needs from Debian, format, clippy, all tests, and the broker tests on a RabbitMQ of its own
	@deploy/dev/test.sh all

check: ## the inner loop: format, clippy, every test that needs no service
	@deploy/dev/test.sh check

bench: ## approval to the last operator, 500 warnings on each path, beside the floor; with a RabbitMQ of its own
	@ls benches/*.rs >/dev/null 2>&1 || { echo "bench: benches/ is empty, there is nothing to measure" >&2; exit 1; }
	cargo bench --locked --bench '*' --no-run
	deploy/dev/with-broker.sh cargo bench --locked --bench '*'

reference: ## compares with reference data kept beside the repository: real alerts, byte vectors, geography
	@bash tests/reference/run.sh

faults: ## two minutes of generated input for each reader; then hubs, adapters, sites and brokers that die or lie, with a RabbitMQ of its own
	NADHIR_FUZZ_SECONDS=120 cargo test --release --locked -p nadhir-core --test fuzz -- --test-threads=1 --nocapture
	deploy/dev/with-broker.sh cargo test --locked --workspace --features broker-tests --test kill --test air --test 'broker*'

clean: ## removes what was built and what a run left
	cargo clean
	rm -rf run

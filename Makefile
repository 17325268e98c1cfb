# Aliases, no logic.

.PHONY: test check generate browser bench

# Every test but the browser's.
test:
	cargo test --workspace --locked

# Format, lints, and the rules of the house.
check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo xtask tidy

# openapi.json and infra/routes.json from the table of routes.
generate:
	cargo xtask generate

# The pages in a browser: Chromium from Debian, or the one at CHROMIUM.
browser:
	cd tests/browser && npm ci --no-audit --no-fund && npm test && npm run journey

# Requests, capacity units and times of the routes.
bench:
	cargo run --release --package tests --bin bench

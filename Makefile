# Aliases. Their one choice is where the operator's orders go.

# What stands on make's own command line, such as PORT=9000, reaches the program as environment.

.PHONY: run admin plan export erase rotate test check generate needs browser bench package synth deploy

# The whole product on this machine, with a demo; nothing to install, no account.
run:
	@cargo run --quiet --locked --bin local

# The operator's orders, here or, with STAGE=prod or another, in the cloud:
# - admin: a company and its first administrator, or a way in for the last one: TENANT=slug EMAIL=address
# - plan: whether a company's links may open to anybody: TENANT=slug PUBLIC_LINKS=yes or no
# - export: everything a company has, into the bucket: TENANT=slug
# - erase: everything a company has, for good: TENANT=slug CONFIRM=slug
# - rotate: a new root key, which signs from now on
admin plan export erase rotate:
	@$(if $(STAGE),cd infra && npm run --silent order -- $@,cargo run --quiet --locked --bin local -- $@)

# Every test but the browser's; one that fails does not hide what the others have to say.
test:
	@cargo xtask test

# Format, lints, and the rules of the house.
check:
	cargo fmt --all --check
	cargo clippy --workspace --all-targets --locked -- -D warnings
	cargo xtask tidy

# openapi.json and infra/routes.json from the table of routes.
generate:
	cargo xtask generate

# What functions may ask of AWS, taken over from what the last `make test` saw them ask.
needs:
	cargo xtask needs --accept
	cargo xtask generate

# What is deployed, into dist/: programs, what they are made of, hashes.
package:
	@infra/package.sh

# The templates, without an account: STAGE=prod or another.
synth:
	@cd infra && npm ci --no-audit --no-fund && npm run --silent synth

# Says what is missing, else shows what changes, asks, and deploys: STAGE=prod or another.
deploy:
	@cd infra && npm ci --no-audit --no-fund && npm run --silent deploy -- $(STAGE)

# The pages in a browser: Chromium from Debian, or the one at CHROMIUM.
browser:
	cd tests/browser && npm ci --no-audit --no-fund && npm test && npm run journey

# What routes cost and programs weigh, and how lists, opening and expiry grow; release profile.
bench:
	cargo build --quiet --locked --release --package functions --package worker --package local --package tests \
	  --bin functions --bin worker --bin local --bin hello --bin drawer --example bench
	@"$${CARGO_TARGET_DIR:-target}/release/examples/bench"

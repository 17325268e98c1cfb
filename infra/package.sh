#!/usr/bin/env bash
# Builds what is deployed into dist/: the two programs, what they are made of, and their hashes.
#
# The same commit gives the same bytes wherever it is built: the compiler is told short names for the
# folders of this machine, and zig links against the C library of Amazon Linux 2023.
set -euo pipefail
cd "$(dirname "$0")/.."

# Tools, each pinned; kept outside the checkout.
cargo_lambda=1.9.2
zig=0.17.1
cargo_deny=0.20.2
cargo_cyclonedx=0.5.9
cache="$HOME/.cache/vestibule"
python="$cache/python-lambda-$cargo_lambda-zig-$zig"

# Amazon Linux 2023 has glibc 2.34 ("Lambda runtimes", AWS Lambda Developer Guide).
glibc=2.34

say() { printf '%s\n' "$*"; }

install_tools() {
  if [ ! -x "$python/bin/cargo-lambda" ]; then
    python3 -m venv "$python"
    "$python/bin/pip" install --quiet "cargo-lambda==$cargo_lambda" "ziglang==$zig"
  fi
  for tool in "cargo-deny $cargo_deny" "cargo-cyclonedx $cargo_cyclonedx"; do
    read -r name version <<<"$tool"
    cargo install --quiet --locked --root "$cache/tools" "$name@$version"
  done
  export PATH="$python/bin:$cache/tools/bin:$PATH"
}

# Licences and sources of everything that is linked; vulnerabilities where their list can be fetched.
check_others_code() {
  cargo deny --offline check licenses bans sources
  if cargo deny fetch db >/dev/null 2>&1; then
    cargo deny check advisories
  else
    say "The list of known vulnerabilities cannot be fetched from here; they are not checked."
  fi
}

build() {
  local triple="$1" folder="$2"
  # Sources of the workspace are named from its root already.
  local home="${CARGO_HOME:-$HOME/.cargo}" target="${CARGO_TARGET_DIR:-$PWD/target}" flags=()
  flags+=("--remap-path-prefix=$home=/cargo" "--remap-path-prefix=$target=/target")
  flags+=("--remap-path-prefix=$(rustc --print sysroot)=/rust")
  # C compilers name the folders of their sources too.
  local map="-ffile-prefix-map=$home=/cargo -ffile-prefix-map=$target=/target"
  CFLAGS="$map" RUSTFLAGS="${flags[*]}" SOURCE_DATE_EPOCH=0 cargo lambda build --release --locked \
    --target "$triple.$glibc" --package functions --package worker --bin functions --bin worker \
    --lambda-dir "$folder"
}

# What the programs are made of. The tool writes a list beside every package; two are of what is deployed.
list_parts() {
  SOURCE_DATE_EPOCH=0 cargo cyclonedx --quiet --format json --spec-version 1.5 --no-build-deps \
    --target x86_64-unknown-linux-gnu --override-filename parts.cdx
  for package in functions worker; do
    sed "s|file://$PWD|file:///vestibule|g" "$package/parts.cdx.json" >"dist/$package.cdx.json"
  done
  find . -name parts.cdx.json -not -path "*/node_modules/*" -delete
}

# Where the toolchain has its standard library.
has() { [ -d "$(rustc --print target-libdir --target "$1")" ]; }

install_tools
check_others_code
rm -rf dist
for machine in x86_64 aarch64; do
  triple="$machine-unknown-linux-gnu"
  if has "$triple"; then
    build "$triple" "dist/$machine"
  else
    say "This toolchain builds nothing for $machine: rustup target add $triple"
  fi
done
list_parts
(cd dist && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum) | tee dist/SHA256SUMS

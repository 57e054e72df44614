#!/usr/bin/env bash
# Compiles the named requirements into pinned ones, for every Python and system that we support.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v uv >/dev/null || { echo "uv is needed to compile the requirements: pip install uv" >&2; exit 1; }
for name in requirements requirements-gpu requirements-dev; do
  uv pip compile --quiet --universal --python-version 3.11 "$name.in" -o "$name.txt"
done

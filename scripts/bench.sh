#!/usr/bin/env bash
# Runs every benchmark of tests/benchmarks/, or those that are named. Each prints its figures beside a baseline's.
set -euo pipefail
cd "$(dirname "$0")/.."
export PYTHONPATH=platform:. PATH="$PWD/.venv/bin:$PATH"
shopt -s nullglob
for file in tests/benchmarks/bench_*.py; do
  name=$(basename "$file" .py)
  if [ $# -gt 0 ] && [[ " $* " != *" $name "* ]]; then continue; fi
  printf '\033[1m==>\033[0m %s\n' "$name"
  python -m "tests.benchmarks.$name"
done

#!/usr/bin/env bash
# vitest, then pytest on real servers and in a real browser. Ends with pytest's own closing line.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
LUCENCY_CHROMIUM=$(bash scripts/find_chromium.sh)
export LUCENCY_CHROMIUM
printf '\033[1m==>\033[0m %s\n' "vitest"
npm --prefix frontend run --silent test
printf '\033[1m==>\033[0m %s\n' "pytest"
exec python -m pytest "$@"

#!/usr/bin/env bash
# Reads the code with every checker; goes on after a failure, so that one run tells everything.
set -uo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
failed=()
title() { printf '\033[1m==>\033[0m %s\n' "$1"; }
check() {
  title "$1"
  "${@:2}" || failed+=("$1")
}

compose() {
  local client
  if docker compose version >/dev/null 2>&1; then client=(docker compose)
  elif command -v docker-compose >/dev/null; then client=(docker-compose)
  else echo "left out: this machine has no Compose client"; return; fi
  "${client[@]}" --env-file deploy/example.env --profile gpu --profile second-gpu config --quiet
}

check "layout guard" python scripts/layout_guard.py
check "ruff" ruff check .
check "ruff format" ruff format --check .
check "import-linter" env PYTHONPATH=platform:. lint-imports --no-logo
check "mypy --strict" mypy
# It looks at the code alone; that no database runs is nothing to warn about.
check "migrations" python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
check "OpenAPI schema and generated client" bash scripts/openapi.sh --check
check "eslint" npm --prefix frontend run --silent lint
check "tsc" npm --prefix frontend run --silent typecheck
check "docker compose config" compose
if [ ${#failed[@]} -gt 0 ]; then
  printf '\nlint failed: %s\n' "$(IFS=,; echo "${failed[*]}")" >&2
  exit 1
fi
title "lint passed"

#!/usr/bin/env bash
# Stops the embedded servers and removes what was built. Data is removed only after a yes.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ -x .venv/bin/python ]; then .venv/bin/python manage.py servers stop || true; fi
rm -rf frontend/dist frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis
if [ -d var ]; then
  printf 'Remove ./var too, with the database and all radiographs in it? Type yes: '
  read -r answer || answer=no
  if [ "$answer" = yes ]; then rm -rf var; fi
fi
rm -rf .venv
echo "clean"

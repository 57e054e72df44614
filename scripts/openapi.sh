#!/usr/bin/env bash
# Writes the API's schema and the front end's client from it. With --check: fails if they are not what is committed.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
schema=frontend/openapi.json
client=frontend/src/shared/api/schema.d.ts
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python manage.py spectacular --format openapi-json --validate --fail-on-warn --file "$work/openapi.json"
(cd frontend && npx --no-install openapi-typescript "$work/openapi.json" --output "$work/schema.d.ts" >/dev/null)
if [ "${1:-}" = "--check" ]; then
  cmp -s "$work/openapi.json" "$schema" && cmp -s "$work/schema.d.ts" "$client" || {
    echo "The API has changed and its schema or client has not: run make openapi and commit both." >&2
    exit 1
  }
else
  cp "$work/openapi.json" "$schema"
  cp "$work/schema.d.ts" "$client"
fi

#!/usr/bin/env bash
# The virtual environment and the front end. Does only what has changed since the last time.
set -euo pipefail
cd "$(dirname "$0")/.."
VENV=.venv
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
stop() { printf '\nSet-up stopped: %s\n' "$*" >&2; exit 1; }

find_python() {
  for candidate in ${PYTHON:-} python3.11 python3.12 python3.13 python3; do
    if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      command -v "$candidate"; return
    fi
  done
  return 1
}

# $1: a name for the stamp; further arguments: the files that it depends on
fresh() { [ -f "$VENV/.stamp-$1" ] && [ "$(cat "$VENV/.stamp-$1")" = "$(cat "${@:2}" | sha256sum)" ]; }
stamp() { cat "${@:2}" | sha256sum > "$VENV/.stamp-$1"; }

make_environment() {
  if [ -x "$VENV/bin/python" ] && "$VENV/bin/python" -c '' 2>/dev/null; then return; fi
  python=$(find_python) || stop "Python 3.11, 3.12 or 3.13 is needed and was not found. On Debian: apt-get install python3 python3-venv. Or name one: make setup PYTHON=/path/to/python3.11"
  free=$(df -Pm . | awk 'NR==2 {print $4}')
  [ "$free" -ge 5000 ] || stop "only $free MB are free here; the requirements need about 4 GB."
  say "creating the virtual environment with $("$python" --version)"
  "$python" -m venv "$VENV" || { rm -rf "$VENV"; stop "this Python cannot create virtual environments. On Debian: apt-get install python3-venv"; }
}

install() {
  if fresh "$1" "${@:2}"; then return; fi
  say "installing the pinned requirements: ${*:2} (the first time takes some minutes: TensorFlow is large)"
  local arguments=()
  for file in "${@:2}"; do arguments+=(-r "$file"); done
  "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check "${arguments[@]}" \
    || stop "pip could not install the requirements; its message is above. Check the network and the free disk."
  stamp "$1" "${@:2}"
}

build_front_end() {
  export PATH="$PWD/$VENV/bin:$PATH"
  local lock=(frontend/package.json frontend/package-lock.json)
  if ! fresh node-modules "${lock[@]}" || [ ! -d frontend/node_modules ]; then
    say "installing the front end's packages"
    (cd frontend && npm ci --no-audit --no-fund --loglevel=error) || stop "npm could not install the front end's packages; its message is above."
    stamp node-modules "${lock[@]}"
  fi
  local sources=()
  mapfile -d '' sources < <(find frontend/src frontend/public frontend/index.html frontend/*.json frontend/*.ts -type f -print0 2>/dev/null | sort -z)
  if ! fresh front-end "${sources[@]}" || [ ! -f frontend/dist/index.html ]; then
    say "building the front end"
    (cd frontend && npm run --silent build) || stop "the front end does not build; the message is above."
    stamp front-end "${sources[@]}"
  fi
}

make_environment
install requirements requirements.txt requirements-node.txt
if [ "${1:-}" = "--with-tests" ]; then install requirements-dev requirements-dev.txt; fi
build_front_end
say "set up: .venv and frontend/dist are ready"

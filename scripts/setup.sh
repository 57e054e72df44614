#!/usr/bin/env bash
# The virtual environment and the front end. Does only what has changed since the last time.
#   --with-tests   and what lint, tests and benchmarks need on top
#   --python-only  without the front end
set -euo pipefail
cd "$(dirname "$0")/.."
VENV=.venv
say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
stop() { printf '\nSet-up stopped: %s\n' "$*" >&2; exit 1; }
hash_of() { if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi; }

# $1: a name for the stamp; further arguments: the files that it depends on
state() { { printf '%s\n' "$@"; cat "$@"; } | hash_of; }
fresh() { [ -f "$VENV/.stamp-$1" ] && [ "$(cat "$VENV/.stamp-$1")" = "$(state "${@:2}")" ]; }
stamp() { state "${@:2}" > "$VENV/.stamp-$1"; }

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
  if [ -n "${PYTHON:-}" ]; then
    command -v "$PYTHON" >/dev/null || stop "PYTHON names $PYTHON, which is not there."
    fits "$PYTHON" || stop "PYTHON names $PYTHON, which is $("$PYTHON" --version 2>&1 | head -n 1); 3.11, 3.12 or 3.13 is needed."
    found=$PYTHON
    return
  fi
  for found in python3.11 python3.12 python3.13 python3; do
    if command -v "$found" >/dev/null && fits "$found"; then return; fi
  done
  stop "Python 3.11, 3.12 or 3.13 is needed and was not found. On Debian: apt-get install python3 python3-venv. Or name one: make setup PYTHON=/path/to/python3.11"
}

# $1: how many MB; $2: for what
need_space() {
  local free
  free=$(df -Pm . | awk 'NR==2 {print $4}')
  [ "$free" -ge "$1" ] || stop "only $free MB are free here, and $2 about $1 MB. Free some space, then run it again."
}

# Two set-ups at once would fill one environment together. Where there is no flock (macOS), nobody waits.
wait_for_our_turn() {
  command -v flock >/dev/null || return 0
  exec 9< scripts/setup.sh
  if flock --nonblock 9; then return 0; fi
  say "another set-up runs in this folder: waiting for it"
  flock 9
}

# Stopped while packages were being unpacked: pip would take half of one for the whole.
broken_off() { [ -f "$VENV/.unpacking" ]; }

make_environment() {
  if broken_off; then
    say "the last installation was stopped while it unpacked: beginning anew"
    rm -rf "$VENV"
  fi
  if [ -x "$VENV/bin/python" ] && fits "$VENV/bin/python" && "$VENV/bin/python" -m pip --version >/dev/null 2>&1; then return; fi
  find_python
  [ -w . ] || stop "this folder cannot be written to by $(id -un)."
  rm -rf "$VENV"
  say "creating the virtual environment with $("$found" --version)"
  "$found" -m venv "$VENV" || { rm -rf "$VENV"; stop "this Python cannot create virtual environments (its message is above). On Debian: apt-get install python3-venv"; }
}

install() {
  if fresh "$1" "${@:2}"; then return; fi
  need_space 5000 "the requirements need"
  local hint=""
  if [ "$1" = requirements ]; then hint=" (some minutes the first time: TensorFlow is large)"; fi
  say "installing the pinned requirements: ${*:2}$hint"
  local arguments=() log="$VENV/install-$1.log" total begin=$SECONDS
  for file in "${@:2}"; do arguments+=(-r "$file"); done
  total=$(cat "${@:2}" | grep -cE '^[A-Za-z0-9].*==')
  if ! "$VENV/bin/python" -m pip install --disable-pip-version-check --progress-bar off "${arguments[@]}" 2>&1 | tee "$log" | "$VENV/bin/python" scripts/pip_progress.py "$total" "$VENV/.unpacking"; then
    grep -E 'Retrying|timed out' "$log" | tail -n 1 >&2 || true
    grep -E '^(ERROR|error|OSError)|No space left' "$log" >&2 || tail -n 20 "$log" >&2
    stop "pip could not install the requirements. Check the network and the free disk; the whole output is in $log."
  fi
  rm -f "$VENV/.unpacking"
  stamp "$1" "${@:2}"
  say "installed in $((SECONDS - begin)) s"
}

build_front_end() {
  export PATH="$PWD/$VENV/bin:$PATH" npm_config_update_notifier=false
  local lock=(frontend/package.json frontend/package-lock.json) begin=$SECONDS sources
  if ! fresh node-modules "${lock[@]}" || [ ! -d frontend/node_modules ]; then
    need_space 1000 "the front end's packages need"
    say "installing the front end's packages with Node.js $(node --version)"
    (cd frontend && npm ci --include=dev --no-audit --no-fund --loglevel=error) \
      || stop "npm could not install the front end's packages; its message is above."
    stamp node-modules "${lock[@]}"
    say "installed in $((SECONDS - begin)) s"
  fi
  sources=$(find frontend/src frontend/public frontend/index.html frontend/*.json frontend/*.ts -type f 2>/dev/null | LC_ALL=C sort -u)
  # shellcheck disable=SC2086  # no file of ours has a space in its name
  if ! fresh front-end $sources || [ ! -f frontend/dist/index.html ]; then
    begin=$SECONDS
    say "building the front end"
    (cd frontend && npm run --silent build -- --logLevel error) || stop "the front end does not build; the message is above."
    # shellcheck disable=SC2086
    stamp front-end $sources
    say "built in $((SECONDS - begin)) s"
  fi
}

trap 'printf "\nSet-up was stopped. The next run goes on.\n" >&2; exit 130' INT TERM
wait_for_our_turn
make_environment
install requirements requirements.txt requirements-node.txt
if [[ " $* " == *" --with-tests "* ]]; then install requirements-dev requirements-dev.txt; fi
if [[ " $* " == *" --python-only "* ]]; then say "set up: .venv is ready"; exit; fi
build_front_end
say "set up: .venv and frontend/dist are ready"

#!/usr/bin/env bash
# Prints the path of a Chromium for the browser tests, which are never skipped: finds one, or installs Debian's when we
# may. LUCENCY_CHROMIUM names another. The tests ask here too (tests/e2e/chromium.py).
set -euo pipefail
find_one() {
  for candidate in chromium chromium-browser google-chrome google-chrome-stable; do
    if command -v "$candidate"; then return; fi
  done
  return 1
}
if [ -n "${LUCENCY_CHROMIUM:-}" ]; then
  command -v "$LUCENCY_CHROMIUM" && exit 0
  echo "LUCENCY_CHROMIUM names $LUCENCY_CHROMIUM, which is not there or cannot be run." >&2
  exit 1
fi
find_one && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  printf '\033[1m==>\033[0m %s\n' "installing Chromium for the browser tests" >&2
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } >&2 \
    && find_one && exit 0
fi
echo "The browser tests need Chromium and found none. On Debian: apt-get install chromium. Elsewhere name it in LUCENCY_CHROMIUM." >&2
exit 1

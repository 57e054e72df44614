#!/usr/bin/env bash
# The browser tests need Chromium. Finds it, or installs Debian's when we may; they are never skipped.
set -euo pipefail
for candidate in "${LUCENCY_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
  if [ -n "$candidate" ] && command -v "$candidate" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  printf '\033[1m==>\033[0m %s\n' "installing Chromium for the browser tests"
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null) && exit 0
fi
echo "The browser tests need Chromium and found none. On Debian: apt-get install chromium. Elsewhere name it in LUCENCY_CHROMIUM." >&2
exit 1

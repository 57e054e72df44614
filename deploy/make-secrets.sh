#!/usr/bin/env bash
# Makes the secrets that are not there yet; never changes one that is. Run it once, as the user who runs Docker.
#
# The folder is closed to everybody else; the files in it are readable, because each is handed alone into containers
# whose users have other numbers than the one who made it.
set -euo pipefail
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
chmod 700 secrets
random() { openssl rand "$1" | openssl base64 -A | tr '+/' '-_'; }
make_secret() {
  if [ -e "secrets/$1" ]; then echo "kept    deploy/secrets/$1"; return; fi
  printf '%s' "$2" > "secrets/$1"
  chmod 444 "secrets/$1"
  echo "made    deploy/secrets/$1"
}
make_secret secret-key "$(random 48)"
make_secret encryption-key "$(random 32)"
make_secret database-password "$(random 24 | tr -d '=')"
# Empty until mail needs one.
make_secret mail-password ""
for name in certificate.pem certificate-key.pem; do
  [ -e "secrets/$name" ] || echo "missing deploy/secrets/$name: the server's TLS certificate (with its chain) and key"
done
cat <<'WORDS'

Keep a copy of deploy/secrets/encryption-key apart from the backups. Without it nobody, we included, can read
the operative notes and hospital identifiers in them; with it anybody who has a backup can.
WORDS

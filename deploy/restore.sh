#!/usr/bin/env bash
# Puts a backup in the place of what is there now: database and stored files. Asks first.
#   deploy/restore.sh backups/2026-01-31T02-00-00Z
set -euo pipefail
cd "$(dirname "$0")/.."
backup=${1:?name the backup\'s folder}
(cd "$backup" && sha256sum --check --quiet SHA256SUMS) || { echo "The backup is damaged; nothing was changed." >&2; exit 1; }
printf 'Replace the database and all stored files by %s? Type yes: ' "$backup"
read -r answer || answer=no
[ "$answer" = yes ] || { echo "Nothing was changed."; exit 1; }

docker compose --profile gpu --profile second-gpu stop proxy web worker training-worker gpu-worker second-gpu-worker beat
docker compose up -d --wait postgres redis
echo "database"
docker compose exec -T postgres dropdb --username=lucency --force --if-exists lucency
docker compose exec -T postgres createdb --username=lucency lucency
# Rights are given by "migrate" below: the role of readers' requests may not exist on this server yet.
docker compose exec -T postgres pg_restore --username=lucency --dbname=lucency --no-owner --no-privileges --exit-on-error < "$backup/database.dump"
echo "stored files"
docker compose run --rm --no-deps -T migrate sh -c 'find /data/storage -mindepth 1 -delete && tar --extract --directory=/data' < "$backup/storage.tar"
# Messages of the time before would only wake workers for nothing: the rows say what is to be done.
docker compose exec -T redis redis-cli flushall
docker compose up -d
echo "Restored. Sign in and open a radiograph and an operative note: that shows that the keys are the right ones."

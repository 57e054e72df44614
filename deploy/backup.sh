#!/usr/bin/env bash
# Writes one backup: the database, then the stored files, then their checksums. The study goes on meanwhile.
#   deploy/backup.sh [FOLDER]      (default: backups)
set -euo pipefail
cd "$(dirname "$0")/.."
umask 077
folder="${1:-backups}/$(date -u +%Y-%m-%dT%H-%M-%SZ)"
mkdir -p "$folder.unfinished"
trap 'echo "The backup is not complete; what there is of it: $folder.unfinished" >&2' ERR

# The database first: a file is written before the row that names it, and never changed after. So every file that
# this snapshot of the database names is there when the files are copied.
echo "database"
docker compose exec -T postgres pg_dump --username=lucency --dbname=lucency --format=custom > "$folder.unfinished/database.dump"
echo "stored files"
docker compose exec -T web tar --create --directory=/data storage > "$folder.unfinished/storage.tar"
(cd "$folder.unfinished" && sha256sum database.dump storage.tar > SHA256SUMS)
mv "$folder.unfinished" "$folder"
du -sh "$folder"
echo "The encryption key is not in it: keep deploy/secrets/encryption-key somewhere else."

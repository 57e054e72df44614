"""The embedded servers: start, stop, status."""

from __future__ import annotations

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from config.embedded import postgres, redis
from config.embedded.places import postgres_socket_folder, redis_socket
from config.embedded.servers import (
    ServerError,
    ensure_servers,
    stop_servers,
    uses_embedded_postgres,
    uses_embedded_redis,
)


class Command(BaseCommand):
    help = "Starts, stops or shows the embedded PostgreSQL and Redis of this var folder."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["start", "stop", "status"])

    def handle(self, *, action: str, **options: object) -> None:
        try:
            if action == "start":
                ensure_servers(self.stdout.write)
            elif action == "stop":
                stop_servers()
        except (ServerError, postgres.PostgresError) as error:
            raise CommandError(str(error)) from error
        self._status()

    def _status(self) -> None:
        for name, ours, running, place in (
            ("PostgreSQL", uses_embedded_postgres(), postgres.is_running, postgres_socket_folder()),
            ("Redis", uses_embedded_redis(), redis.is_running, redis_socket()),
        ):
            if not ours:
                self.stdout.write(f"{name}: a server of its own, named in the environment")
            else:
                self.stdout.write(f"{name}: {'running' if running() else 'stopped'} ({place})")

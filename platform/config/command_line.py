"""Runs a management command, with the servers it needs, and ends in words when something is wrong."""

from __future__ import annotations

import sys

from config.environment import SettingsError

# These look at the code alone.
WITHOUT_SERVERS = frozenset(
    {"help", "version", "check", "makemigrations", "spectacular", "servers", "up", "demo_files", "render", "deidentify"}
)
# These do so unless they are told of a study.
_WITHOUT_A_STUDY = "deidentify"

_STOPPED_BY_CTRL_C = 130


def run(arguments: list[str]) -> None:
    try:
        _run(arguments)
    except SettingsError as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        # Whatever takes long goes on from where it stood.
        print("\nStopped.", file=sys.stderr)  # noqa: T201
        sys.exit(_STOPPED_BY_CTRL_C)


def _run(arguments: list[str]) -> None:
    from django.conf import settings
    from django.core.management import execute_from_command_line
    from django.db import OperationalError, ProgrammingError
    from psycopg2.errors import UndefinedTable

    from config.embedded.servers import ServerError, ensure_servers

    command = arguments[1] if len(arguments) > 1 else "help"
    asks_for_help = any(argument in ("--help", "-h", "--version") for argument in arguments)
    names_a_study = command == _WITHOUT_A_STUDY and any(argument.startswith("--study") for argument in arguments)
    if (command not in WITHOUT_SERVERS or names_a_study) and not asks_for_help:
        _ = settings.DATABASES
        try:
            ensure_servers()
        except ServerError as error:
            sys.exit(str(error))
    try:
        execute_from_command_line(arguments)
    except OperationalError as error:
        # It cannot be reached, lets nobody in, or has no space: the database says it better than a traceback.
        sys.exit(f"The database does not answer as it should: {' '.join(str(error).split())}")
    except ProgrammingError as error:
        if not isinstance(error.__cause__, UndefinedTable):
            raise
        sys.exit("The database has not been set up yet, or not for this version. Run: manage.py migrate")

"""PostgreSQL: the server of DATABASE_URL, or the embedded one under the var folder."""

from __future__ import annotations

from typing import Any

import dj_database_url

from config import environment
from config.embedded.places import postgres_socket_folder


def _databases() -> dict[str, Any]:
    url = environment.text("DATABASE_URL")
    if url:
        try:
            database = dj_database_url.parse(url, conn_max_age=60, conn_health_checks=True)
        except (ValueError, dj_database_url.ParseError) as error:
            raise environment.SettingsError(f"DATABASE_URL cannot be understood: {error}.") from error
        if database["ENGINE"] != "django.db.backends.postgresql":
            raise environment.SettingsError("DATABASE_URL must name a PostgreSQL server (postgres://…).")
        password = environment.optional_secret("LUCENCY_DATABASE_PASSWORD")
        return {"default": {**database, "PASSWORD": password} if password else database}
    if environment.production():
        raise environment.SettingsError("DATABASE_URL is not set: in production the database is a server of its own.")
    return {
        "default": {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": environment.text("LUCENCY_DATABASE", "lucency"),
            "USER": "postgres",
            "HOST": str(postgres_socket_folder()),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    }


DATABASES = _databases()

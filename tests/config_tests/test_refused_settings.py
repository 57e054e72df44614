"""A wrong setting ends the program with one sentence that names the variable; no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config.environment import ROOT

KEY = "A" * 43 + "="
PRODUCTION = {
    "LUCENCY_ENV": "production", "LUCENCY_HOSTS": "study.example.org", "LUCENCY_SECRET_KEY": "s" * 50,
    "LUCENCY_ENCRYPTION_KEY": KEY, "DATABASE_URL": "postgres://u:p@db/lucency", "REDIS_URL": "redis://redis",
}  # fmt: skip


def manage(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    quick = {"LUCENCY_POSTGRES_OPTIONS": os.environ["LUCENCY_POSTGRES_OPTIONS"]}
    kept = quick | {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *arguments],
        env=kept | {"LUCENCY_VAR": str(folder)} | variables, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("LUCENCY_ENV", "staging", "expected one of development, production"),
        ("DATABASE_URL", "sqlite:///file", "DATABASE_URL must name a PostgreSQL server"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("REDIS_URL", "http://redis", "REDIS_URL must begin with"),
        ("LUCENCY_SECRET_KEY", "short", "LUCENCY_SECRET_KEY is too short"),
        ("LUCENCY_SECRET_KEY_FILE", "/no/such/file", "LUCENCY_SECRET_KEY_FILE names /no/such/file"),
        ("LUCENCY_ENCRYPTION_KEY", "no key", "LUCENCY_ENCRYPTION_KEY must be 32 bytes"),
        ("LUCENCY_ENCRYPTION_KEY", f"{KEY},short", "LUCENCY_ENCRYPTION_KEY must be 32 bytes"),
        ("LUCENCY_UPLOAD_LIMIT_MB", "many", "LUCENCY_UPLOAD_LIMIT_MB"),
        ("LUCENCY_UPLOAD_LIMIT_MB", "0", "expected a whole number from 1 to 8192"),
        ("LUCENCY_UPLOAD_LIMIT_MB", "²", "expected a whole number from 1 to 8192"),
        ("LUCENCY_UPLOAD_LIMIT_MB", "--5", "expected a whole number from 1 to 8192"),
        ("LUCENCY_LOG_FORMAT", "xml", "expected one of json, console"),
        ("LUCENCY_LOG_LEVEL", "LOUD", "expected one of DEBUG, INFO, WARNING, ERROR"),
    ],
)
def test_it_names_the_variable_and_what_it_expects(tmp_path: Path, name: str, value: str, words: str) -> None:
    result = manage(tmp_path, "check", **{name: value})
    assert result.returncode != 0
    assert words in result.stderr
    assert name in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("missing", [name for name in PRODUCTION if name != "LUCENCY_ENV"])
def test_it_takes_no_setting_for_granted_in_production(tmp_path: Path, missing: str) -> None:
    variables = {name: value for name, value in PRODUCTION.items() if name != missing}
    result = manage(tmp_path, "check", **variables)
    assert result.returncode != 0
    assert missing in result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "secrets").exists()


def test_it_is_content_with_a_whole_production_and_refuses_the_demo_there(tmp_path: Path) -> None:
    assert manage(tmp_path, "check", **PRODUCTION).returncode == 0
    result = manage(tmp_path, "demo", **PRODUCTION)
    assert result.returncode != 0
    assert "demo" in result.stderr.lower()
    assert "Traceback" not in result.stderr


def test_it_reads_secrets_from_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("s" * 50 + "\n")
    variables = {name: value for name, value in PRODUCTION.items() if name != "LUCENCY_SECRET_KEY"}
    assert manage(tmp_path, "check", **variables, LUCENCY_SECRET_KEY_FILE=str(secret)).returncode == 0


def test_it_makes_secrets_once_outside_production_for_its_owner_alone(tmp_path: Path) -> None:
    assert manage(tmp_path, "check").returncode == 0
    first = {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()}
    assert set(first) == {"secret-key", "encryption-key"}
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "secrets").iterdir()} == {0o600}
    assert manage(tmp_path, "check").returncode == 0
    assert {path.name: path.read_text() for path in (tmp_path / "secrets").iterdir()} == first

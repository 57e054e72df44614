"""What production refuses, as an administrator sees it: one line that names the variable."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deploy_tests.settings_in_code import ROOT

_KEY = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="  # made for this test


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """An environment in which production starts; a test takes something away."""
    for name, content in (("secret-key", "s" * 40), ("encryption-key", _KEY), ("database-password", "from a file")):
        (tmp_path / name).write_text(content + "\n")
    return {
        "PATH": os.environ["PATH"],
        "LUCENCY_ENV": "production",
        "LUCENCY_HOSTS": "lucency.hospital.example",
        "LUCENCY_VAR": str(tmp_path / "var"),
        "LUCENCY_SECRET_KEY_FILE": str(tmp_path / "secret-key"),
        "LUCENCY_ENCRYPTION_KEY_FILE": str(tmp_path / "encryption-key"),
        "DATABASE_URL": "postgres://lucency@postgres:5432/lucency",
        "LUCENCY_DATABASE_PASSWORD_FILE": str(tmp_path / "database-password"),
        "REDIS_URL": "redis://redis:6379/0",
    }


def _check(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *(arguments or ("check",))]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_it_starts_with_everything_named(production: dict[str, str]) -> None:
    result = _check(production)
    assert result.returncode == 0, result.stderr


def test_it_takes_the_databases_password_from_its_file(production: dict[str, str]) -> None:
    code = "from django.conf import settings; print(settings.DATABASES['default']['PASSWORD'])"
    paths = {"PYTHONPATH": "platform:.", "DJANGO_SETTINGS_MODULE": "config.settings"}
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=production | paths, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "from a file"


@pytest.mark.parametrize(
    "missing",
    ["LUCENCY_HOSTS", "LUCENCY_SECRET_KEY_FILE", "LUCENCY_ENCRYPTION_KEY_FILE", "DATABASE_URL", "REDIS_URL"],
)
def test_it_names_what_is_missing_in_one_line(production: dict[str, str], missing: str) -> None:
    del production[missing]
    result = _check(production)
    assert result.returncode != 0
    assert missing.removesuffix("_FILE") in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("variable", "value", "reason"),
    [
        ("DATABASE_URL", "mysql://lucency@postgres/lucency", "PostgreSQL"),
        ("REDIS_URL", "http://redis", "redis://"),
        ("LUCENCY_ENV", "prodution", "expected one of"),
        ("LUCENCY_UPLOAD_LIMIT_MB", "lots", "whole number"),
        ("LUCENCY_SECRET_KEY", "short", "at least 32"),
        ("LUCENCY_ENCRYPTION_KEY", "short", "32 bytes"),
        ("LUCENCY_DATABASE_PASSWORD_FILE", "/nowhere/at/all", "cannot be read"),
    ],
)
def test_it_refuses_a_wrong_value_in_words(production: dict[str, str], variable: str, value: str, reason: str) -> None:
    result = _check(production | {variable: value})
    assert result.returncode != 0
    assert variable in result.stderr
    assert reason in result.stderr
    assert "Traceback" not in result.stderr


def test_it_refuses_the_demo(production: dict[str, str]) -> None:
    result = _check(production, "demo")
    assert result.returncode != 0
    assert "production" in result.stderr

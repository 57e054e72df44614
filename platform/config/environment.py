"""Reads settings from the environment and refuses wrong ones in words, naming the variable."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]


class SettingsError(Exception):
    """A setting is missing or wrong. The message is all a person needs to mend it."""


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def required(name: str, why: str) -> str:
    value = text(name)
    if not value:
        raise SettingsError(f"The environment variable {name} is not set: {why}.")
    return value


def boolean(name: str, default: bool) -> bool:
    value = text(name).lower()
    if not value:
        return default
    if value in ("1", "true", "yes", "on"):
        return True
    if value in ("0", "false", "no", "off"):
        return False
    raise SettingsError(f"{name} is “{value}”; expected yes or no.")


def integer(name: str, default: int, *, minimum: int, maximum: int) -> int:
    value = text(name)
    if not value:
        return default
    if not re.fullmatch("-?[0-9]+", value) or not minimum <= int(value) <= maximum:
        raise SettingsError(f"{name} is “{value}”; expected a whole number from {minimum} to {maximum}.")
    return int(value)


def choice(name: str, default: str, allowed: tuple[str, ...]) -> str:
    value = text(name, default)
    if value not in allowed:
        raise SettingsError(f"{name} is “{value}”; expected one of {', '.join(allowed)}.")
    return value


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def production() -> bool:
    return choice("LUCENCY_ENV", "development", ("development", "production")) == "production"


def var_folder() -> Path:
    return Path(text("LUCENCY_VAR", str(ROOT / "var"))).resolve()


def secret(name: str, file_name: str, why: str, make: str = "") -> str:
    """From the environment, or from the file that NAME_FILE names; outside production made once and kept."""
    value = optional_secret(name)
    if value:
        return value
    if production():
        raise SettingsError(f"Neither {name} nor {name}_FILE is set: {why}.")
    return _kept_secret(var_folder() / "secrets" / file_name, make or secrets.token_urlsafe(48))


def optional_secret(name: str) -> str:
    """From the environment, or from the file that NAME_FILE names; empty if neither is set."""
    file = text(f"{name}_FILE")
    return text(name) or (_read_secret(name, Path(file)) if file else "")


def _read_secret(name: str, path: Path) -> str:
    try:
        value = path.read_text().strip()
    except OSError as error:
        raise SettingsError(f"{name}_FILE names {path}, which cannot be read: {error.strerror}.") from error
    if not value:
        raise SettingsError(f"{name}_FILE names {path}, which is empty.")
    return value


def _kept_secret(path: Path, fresh: str) -> str:
    """The file's content; written with `fresh` if it is not there. Two first starts at once agree on one value."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        if not path.exists():
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w") as file:
                file.write(fresh)
            # Linking fails if another first start was quicker; its value is then the one that counts.
            with suppress(FileExistsError):
                os.link(temporary, path)
            temporary.unlink()
        return path.read_text().strip()
    except OSError as error:
        raise SettingsError(f"The secret {path} cannot be kept: {error.strerror}.") from error

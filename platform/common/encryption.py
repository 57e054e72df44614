"""Encryption of the few texts that may identify a person: operative notes and the link to hospital identifiers."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from common.errors import Unavailable


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _current() -> MultiFernet:
    return _cipher(tuple(settings.ENCRYPTION_KEYS))


def encrypt(text: str) -> bytes:
    return encrypt_bytes(text.encode())


def decrypt(token: bytes | memoryview) -> str:
    return decrypt_bytes(token).decode()


def encrypt_bytes(data: bytes) -> bytes:
    return _current().encrypt(data)


def decrypt_bytes(token: bytes | memoryview) -> bytes:
    try:
        return _current().decrypt(bytes(token))
    except InvalidToken as error:
        message = "An encrypted text cannot be read with the configured key."
        raise Unavailable(message, code="wrong_key") from error


def keyed_hash(*parts: str) -> str:
    """A stable pseudonym of `parts`: HMAC-SHA-256 under the platform's key, 64 hexadecimal digits."""
    derived = hashlib.sha256(b"lucency pseudonym" + settings.ENCRYPTION_KEYS[-1].encode()).digest()
    return hmac.new(derived, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()


def keyed_hasher(*first: str) -> Callable[[str], str]:
    """`keyed_hash` for many that begin with the same parts: what they have in common is worked in once.

    This is HMAC as RFC 2104 writes it down; a million rows of a registry wait for it.
    """
    derived = hashlib.sha256(b"lucency pseudonym" + settings.ENCRYPTION_KEYS[-1].encode()).digest()
    key = derived.ljust(64, b"\0")
    inner = hashlib.sha256(bytes(byte ^ 0x36 for byte in key))
    inner.update("".join(f"{part}\x1f" for part in first).encode())
    outer = hashlib.sha256(bytes(byte ^ 0x5C for byte in key))

    def keyed(last: str) -> str:
        within, around = inner.copy(), outer.copy()
        within.update(last.encode())
        around.update(within.digest())
        return around.hexdigest()

    return keyed

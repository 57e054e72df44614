from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from pytest_django import Settings

from common import storage
from common.encryption import decrypt, encrypt, keyed_hash
from common.errors import NotFound, Unavailable


def test_it_names_a_file_by_its_content_and_keeps_it_once(storage: Path) -> None:
    from common.storage import read, resolve, store

    name, digest = store("folder", b"content", ".bin")
    assert digest == hashlib.sha256(b"content").hexdigest()
    assert store("folder", b"content", ".bin") == (name, digest)
    assert read(name) == b"content"
    assert resolve(name).is_relative_to(storage)
    assert [path.name for path in storage.rglob("*") if path.is_file()] == [f"{digest}.bin"]


@pytest.mark.parametrize("name", ["", "/etc/passwd", "../x", "a/../../x", "a/..", ".", "..", "//x"])
def test_it_refuses_names_that_leave_the_storage(name: str) -> None:
    with pytest.raises(NotFound):
        storage.resolve(name)


def test_it_says_when_a_file_is_missing() -> None:
    with pytest.raises(NotFound) as refusal:
        storage.read("folder/nothing")
    assert refusal.value.error_code == "file_missing"


def test_it_leaves_the_old_file_whole_and_no_remains_when_writing_fails(
    storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import os

    from common.storage import write_atomically

    target = storage / "file"
    write_atomically(target, b"old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    # The one way to fill a disk in a test: the operating system's own call says that it is full.
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Unavailable) as refusal:
        write_atomically(target, b"new")
    assert "No space left" in refusal.value.message
    assert target.read_bytes() == b"old"
    assert [path.name for path in storage.iterdir()] == ["file"]


def test_it_says_when_the_storage_cannot_be_written_to(settings: Settings, tmp_path: Path) -> None:
    in_the_way = tmp_path / "in-the-way"
    in_the_way.write_text("a file where a folder should be")
    settings.STORAGE_ROOT = str(in_the_way)
    with pytest.raises(Unavailable):
        storage.store("folder", b"content", ".bin")


def test_it_encrypts_so_that_equal_texts_look_different() -> None:
    first, second = encrypt("a note"), encrypt("a note")
    assert first != second
    assert decrypt(first) == decrypt(memoryview(second)) == "a note"


def test_it_reads_with_an_old_key_and_writes_with_the_new_one(settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [old]
    token, name = encrypt("a note"), keyed_hash("patient", "1")
    settings.ENCRYPTION_KEYS = [new, old]
    assert decrypt(token) == "a note"
    # Pseudonyms stay when a key is put before the old one.
    assert keyed_hash("patient", "1") == name
    fresh = encrypt("another")
    settings.ENCRYPTION_KEYS = [new]
    assert decrypt(fresh) == "another"
    with pytest.raises(Unavailable) as refusal:
        decrypt(token)
    assert refusal.value.error_code == "wrong_key"


def test_it_hashes_parts_and_not_their_sum() -> None:
    assert keyed_hash("ab", "c") != keyed_hash("a", "bc")
    assert len(keyed_hash("a")) == 64

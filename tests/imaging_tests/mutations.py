"""Seeded damage to radiograph files: what a broken disk, a wrong programme or somebody with intent makes of them."""

from __future__ import annotations

import random
from collections.abc import Callable

Mutation = Callable[[bytearray, random.Random], None]
_HEADER_BYTES = 1200


def _flip_bits(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 40)):
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def _damage_header(data: bytearray, rng: random.Random) -> None:
    for _ in range(rng.randint(1, 12)):
        data[rng.randrange(min(len(data), _HEADER_BYTES))] = rng.randrange(256)


def _cut(data: bytearray, rng: random.Random) -> None:
    del data[rng.randrange(len(data)) :]


def _cut_out(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    del data[start : start + rng.randint(1, 300)]


def _repeat(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    piece = data[start : start + rng.randint(1, 300)]
    data[start:start] = piece * rng.randint(1, 5)


def _claim_lengths(data: bytearray, rng: random.Random) -> None:
    """Numbers at the edges, where lengths, rows and columns are written."""
    for _ in range(rng.randint(1, 6)):
        place = rng.randrange(max(1, min(len(data), _HEADER_BYTES) - 4))
        data[place : place + 4] = rng.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f", b"\0\0\0\x80"))


def _insert_noise(data: bytearray, rng: random.Random) -> None:
    start = rng.randrange(len(data))
    data[start:start] = rng.randbytes(rng.randint(1, 200))


def _swap(data: bytearray, rng: random.Random) -> None:
    length = rng.randint(1, 64)
    one, other = (rng.randrange(max(1, len(data) - length)) for _ in range(2))
    data[one : one + length], data[other : other + length] = data[other : other + length], data[one : one + length]


MUTATIONS: tuple[Mutation, ...] = (
    _flip_bits, _damage_header, _cut, _cut_out, _repeat, _claim_lengths, _insert_noise, _swap,
)  # fmt: skip


def mutated(original: bytes, seed: int) -> bytes:
    """The same damage for the same seed: one to three mutations, one after another."""
    rng = random.Random(seed)
    data = bytearray(original)
    for _ in range(rng.randint(1, 3)):
        if data:
            rng.choice(MUTATIONS)(data, rng)
    return bytes(data)

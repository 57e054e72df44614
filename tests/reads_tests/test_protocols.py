"""Drafted, frozen before the first read, and after that changed by signed amendments alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError

from annotations.reads.models import ProtocolAmendment, ProtocolReader, Read, ReadProtocol, ReadSession
from annotations.reads.protocol_settings import COPIED, NOT_COPIED
from annotations.reads.selectors import preview_protocol
from annotations.reads.services import amend_protocol, change_protocol, copy_protocol, freeze_protocol, open_read
from common.errors import Conflict, DomainError, Invalid
from common.models import AuditEvent
from studies.models import Role
from tests.experiments_tests.small_study import SmallStudy, make_protocol, make_small_study
from tests.factories import PASSWORD, client_of, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(db: None) -> SmallStudy:
    return make_small_study(loose=8, well_fixed=8, test=0.5, images=False)


@pytest.fixture
def protocol(small: SmallStudy) -> ReadProtocol:
    return make_protocol(small)


def _settings(small: SmallStudy, **changes: Any) -> dict[str, Any]:
    return {
        "title": "Two sessions",
        "instructions": "Say what you see.",
        "dataset_version": small.version.number,
        "part": "test",
        "form": "full",
        "navigation": "free",
        "feedback": "never",
        "sessions_per_reader": 2,
        "washout_days": 42,
        "repeated_percent": 25,
        "batch_size": 10,
        "cannot_assess_counts_wrong": False,
        "analysed_version": "last",
        "consensus_wanted": True,
    } | changes


def test_it_is_drafted_previewed_frozen_and_planned_from_the_page(small: SmallStudy) -> None:
    administrator = make_member(small.study, Role.ADMINISTRATOR)
    readers = [make_member(small.study, Role.SURGEON) for _ in range(2)]
    client = client_of(administrator)
    base = f"/api/v1/studies/{small.study.slug}/protocols"
    wanted = _settings(small, readers=[reader.pk for reader in readers])
    preview = client.post(f"{base}/preview", wanted, format="json").json()
    assert (preview["cases"], preview["repeats"], preview["reads_in_all"]) == (8, 2, 40)
    assert not ReadProtocol.objects.exists()  # a preview keeps nothing
    made = client.post(base, wanted, format="json")
    assert (made.status_code, made.json()["status"]) == (201, "draft")
    assert {name: made.json()[name] for name in _settings(small)} == _settings(small)
    address = f"{base}/{made.json()['id']}"
    changed = client.put(address, wanted | {"washout_days": 30}, format="json").json()
    assert (changed["washout_days"], changed["version"]) == (30, 1)
    frozen = client.post(f"{address}/freeze").json()
    assert frozen["status"] == "open"
    assert [(row["number"], row["state"], row["total"]) for row in frozen["readers"]] == [
        (1, "open", 10), (2, "to_come", 0), (1, "open", 10), (2, "to_come", 0),
    ]  # fmt: skip
    assert [row["seed"] for row in frozen["readers"]] == [None] * 4  # an order's seed is told once it is signed
    assert client.put(address, wanted, format="json").json()["code"] == "frozen"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("washout_days", 13),
        ("washout_days", 731),
        ("repeated_percent", 51),
        ("repeated_percent", -1),
        ("sessions_per_reader", 0),
        ("batch_size", 501),
        ("title", " "),
        ("part", "practice"),
        ("dataset_version", 99),
        ("practice_version", 1),
        ("form", "long"),
    ],
)
def test_it_names_the_field_that_makes_no_protocol(small: SmallStudy, field: str, value: object) -> None:
    client = client_of(make_member(small.study, Role.ADMINISTRATOR))
    base = f"/api/v1/studies/{small.study.slug}/protocols"
    for address in (base, f"{base}/preview"):
        answer = client.post(address, _settings(small, **{field: value}), format="json")
        assert answer.status_code == 400
        assert [detail["field"] for detail in answer.json()["details"]] == [field]
    assert not ReadProtocol.objects.exists()


def test_it_declares_every_field_as_copied_or_not() -> None:
    fields = {field.name for field in ReadProtocol._meta.concrete_fields}
    assert set(COPIED) | set(NOT_COPIED) == fields
    assert not set(COPIED) & set(NOT_COPIED)


def test_it_copies_what_it_says(small: SmallStudy, protocol: ReadProtocol) -> None:
    administrator = make_member(small.study, Role.ADMINISTRATOR)
    changes = {name: value for name, value in _settings(small).items() if name not in ("title", "dataset_version")}
    change_protocol(protocol=protocol, changes=changes, actor=administrator)
    protocol.refresh_from_db()
    copy = copy_protocol(protocol=protocol, title="Again", actor=administrator)
    copy.refresh_from_db()
    assert {name: getattr(copy, name) for name in COPIED} == {name: getattr(protocol, name) for name in COPIED}
    assert (copy.title, copy.status, copy.copied_from) == ("Again", "draft", protocol)


def test_it_needs_readers_and_only_those_who_are_nothing_else(small: SmallStudy, protocol: ReadProtocol) -> None:
    administrator = make_member(small.study, Role.ADMINISTRATOR)
    with pytest.raises(Conflict) as nobody:
        freeze_protocol(protocol=protocol, actor=administrator)
    assert nobody.value.error_code == "no_readers"
    both = make_member(small.study, Role.SURGEON, Role.COORDINATOR)
    with pytest.raises(Conflict) as other:
        change_protocol(protocol=protocol, changes={}, readers=[both], actor=administrator)
    assert other.value.error_code == "other_roles"
    told = preview_protocol(small.study, {"dataset_version": small.version, "part": "test"}, [both, administrator])
    assert [reader.refusal for reader in told.readers] == ["other_roles", "not_a_surgeon"]


@pytest.fixture
def frozen(small: SmallStudy, protocol: ReadProtocol) -> ReadProtocol:
    administrator = make_member(small.study, Role.ADMINISTRATOR)
    reader = make_member(small.study, Role.SURGEON)
    change_protocol(protocol=protocol, changes={}, readers=[reader], actor=administrator)
    freeze_protocol(protocol=protocol, actor=administrator)
    protocol.refresh_from_db()
    return protocol


def _amend(protocol: ReadProtocol, *, password: str = PASSWORD, reason: str = "The board asks.", **changes: Any) -> Any:
    signer = make_member(protocol.study, Role.ADMINISTRATOR, name="Ada", password=PASSWORD)
    return amend_protocol(protocol=protocol, changes=changes, reason=reason, signer=signer, password=password)


def test_it_changes_a_frozen_protocol_by_a_signed_amendment(frozen: ReadProtocol) -> None:
    amendment = _amend(frozen, washout_days=35, analysed_version="last")
    frozen.refresh_from_db()
    assert (frozen.version, frozen.washout_days, frozen.analysed_version) == (2, 35, "last")
    assert amendment.changes["washout_days"] == {"from": 28, "to": 35}
    assert (amendment.name, amendment.reason, len(amendment.sha256)) == ("Ada", "The board asks.", 64)
    assert AuditEvent.objects.get(action="protocol_amended").payload["sha256"] == amendment.sha256


@pytest.mark.parametrize(
    ("act", "refused"),
    [
        (lambda p: _amend(p, password="not it", washout_days=35), "password"),
        (lambda p: _amend(p, reason=" ", washout_days=35), "reason"),
        (lambda p: _amend(p, repeated_percent=10), "repeated_percent"),
        (lambda p: _amend(p, part="training"), "part"),
        (lambda p: _amend(p, form="full"), "form"),
        (lambda p: _amend(p, washout_days=13), "washout_days"),
    ],
)
def test_it_refuses_an_amendment(frozen: ReadProtocol, act: Callable[[ReadProtocol], Any], refused: str) -> None:
    with pytest.raises(DomainError) as refusal:
        act(frozen)
    assert isinstance(refusal.value, Invalid)
    assert [detail["field"] for detail in refusal.value.details] == [refused]
    assert not ProtocolAmendment.objects.exists()


def test_it_is_frozen_in_the_database_too(frozen: ReadProtocol) -> None:
    for change in ({"washout_days": 60}, {"title": "Other"}, {"status": "draft", "frozen_at": None}, {"version": 2}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReadProtocol.objects.filter(pk=frozen.pk).update(**change)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProtocolReader.objects.create(protocol=frozen, reader=make_member(frozen.study, Role.SURGEON))
    with pytest.raises(InternalError), transaction.atomic():
        ReadProtocol.objects.filter(pk=frozen.pk)._raw_delete("default")


def test_it_takes_a_further_reader_in_by_amendment_with_a_plan_of_their_own(frozen: ReadProtocol) -> None:
    signer = make_member(frozen.study, Role.ADMINISTRATOR, password=PASSWORD)
    reader = make_member(frozen.study, Role.SURGEON)
    amend_protocol(
        protocol=frozen, changes={}, new_readers=[reader], reason="A second reader.", signer=signer, password=PASSWORD
    )
    session = ReadSession.objects.get(protocol=frozen, reader=reader)
    assert Read.objects.filter(session=session).count() == 8
    assert ProtocolReader.objects.get(protocol=frozen, reader=reader).since_version == 2


def test_it_cannot_be_amended_once_unblinded(frozen: ReadProtocol) -> None:
    from annotations.reads.services import unblind_protocol

    unblind_protocol(protocol=frozen, actor=None, reason="Over.", absences_explained="Nobody came.")
    with pytest.raises(Conflict) as refusal:
        _amend(frozen, washout_days=35)
    assert refusal.value.error_code == "unblinded"


def test_it_is_frozen_before_the_first_read(small: SmallStudy, frozen: ReadProtocol) -> None:
    session = ReadSession.objects.get(protocol=frozen)
    assert frozen.frozen_at is not None
    first = Read.objects.select_related("session__protocol__study", "session__reader").filter(session=session)[0]
    with pytest.raises(Conflict) as refusal:
        open_read(read=first)
    assert refusal.value.error_code == "instructions_first"
    assert set(Read.objects.filter(session=session).values_list("state", flat=True)) == {"planned"}

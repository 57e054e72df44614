"""How a reader goes through a session, for tests."""

from __future__ import annotations

from rest_framework.test import APIClient

from annotations.reads.answers import Answer
from annotations.reads.models import Read, ReadProtocol, ReadSession
from annotations.reads.services import open_read, sign_session, submit_read
from tests.factories import PASSWORD, read_at

LOOSE_80 = Answer("loose", 80, "")


def read_all(session: ReadSession, answer: Answer = LOOSE_80) -> None:
    for position in Read.objects.filter(session=session).order_by("position").values_list("position", flat=True):
        read = read_at(session, position)
        open_read(read=read)
        submit_read(read=read, answer=answer, focus_milliseconds=1500)


def sign(session: ReadSession) -> None:
    sign_session(session=session, signer=session.reader, password=PASSWORD, meaning="I read these cases.")


def submit(client: APIClient, code: str, **changes: object) -> tuple[int, dict[str, object]]:
    body = {"call": "loose", "confidence": 80, "comment": "", "focus_milliseconds": 10} | changes
    answer = client.post(f"/api/v1/reading/cases/{code}/submit", body, format="json")
    return answer.status_code, answer.json()


def open_case(client: APIClient, code: str) -> int:
    return client.post(f"/api/v1/reading/cases/{code}/open").status_code


def full_form(
    cup_is: str = "definitely_well_fixed", stem_is: str = "probably_loose", changes: dict[str, object] | None = None
) -> dict[str, object]:
    """A full form that is filled in, as a page sends it."""
    zones = dict.fromkeys(("G1", "G2", "G3", "G4", "G5", "G6", "G7", "D1", "D2", "D3"), "none")
    return {
        "image_quality": "good",
        "side_shown": "R",
        "zones": zones | {"G1": "over_2_mm", "G7": "from_1_to_2_mm"},
        "scalloping": ["G6"],
        "cup": {"conclusion": cup_is, "migration": "absent", "tilt": None},
        "stem": {"conclusion": stem_is, "subsidence": "possible", "tilt": None},
        "marks": [{"zone": "G1", "kind": "line", "points": [[10.5, 20], [12, 60]]}],
    } | (changes or {})


def may_answer_in_full(protocol: ReadProtocol) -> None:
    """While it is a draft."""
    ReadProtocol.objects.filter(pk=protocol.pk).update(form="full")
    protocol.refresh_from_db()

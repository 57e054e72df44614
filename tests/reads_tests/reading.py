"""How a reader goes through a session, for tests."""

from __future__ import annotations

from rest_framework.test import APIClient

from annotations.reads.answers import Answer
from annotations.reads.models import Read, ReadSession
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

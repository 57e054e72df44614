"""Whatever is asked of any route: an answer in words and in the one error shape, never a broken server."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import pytest
from django.test import Client

from studies.models import Role
from tests.factories import client_of, make_member, make_study
from tests.routes import METHODS, Route, all_routes

pytestmark = pytest.mark.django_db

API = [route for route in all_routes() if route.pattern.startswith("api/v1/")]
HUGE = str(2**70)
BODIES = (
    "", "null", "[]", "[1]", '"text"', "7", "{not json", "{}", "\x00", '{"a":' * 2000,
)  # fmt: skip
# One of these for every field that the route's serializer knows; which those are is the schema's to say.
VALUES: tuple[Any, ...] = (None, "", "\x00", "x" * 5000, -1, 2**70, 1e400, "²", [], {}, [None], [{}], True)


def _path(route: Route, number: str, slug: str) -> str:
    return "/" + re.sub(
        r"<(\w+):\w+>", lambda found: {"int": number, "slug": slug}.get(found[1], "x%00y"), route.pattern
    )


def _check(answer: Any, what: tuple[object, ...]) -> None:
    assert answer.status_code < 500, what
    if answer.status_code >= 400:
        assert answer["Content-Type"].startswith("application/json"), what
        assert set(answer.json()) == {"code", "message", "details"}, what


@cache
def _names() -> list[str]:
    """Names of fields anywhere in the API, so that each is offered something wrong."""
    from drf_spectacular.generators import SchemaGenerator

    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    parts = schema["components"]["schemas"].items()
    return sorted({field for name, part in parts if "Request" in name for field in part.get("properties", {})})


@pytest.fixture
def everybody() -> tuple[Client, str]:
    study = make_study()
    client = client_of(make_member(study, *Role.values))
    client.raise_request_exception = False
    return client, study.slug


@pytest.mark.parametrize("route", API, ids=lambda route: route.name)
def test_it_refuses_in_words(route: Route, everybody: tuple[Client, str]) -> None:
    client, slug = everybody
    names = _names()
    for number in ("1", HUGE):
        path = _path(route, number, slug)
        _check(
            client.get(path + f"?limit={HUGE}&offset={HUGE}&box=%00&reason=%00&patient=%00&value=x&part=%00"), (path,)
        )
        for method in METHODS[1:]:
            for body in BODIES:
                _check(
                    client.generic(method.upper(), path, body, content_type="application/json"), (method, path, body)
                )
            _check(client.generic(method.upper(), path, "x", content_type="text/plain"), (method, path, "text"))
            _check(
                client.generic(method.upper(), path, "x", content_type="multipart/form-data"), (method, path, "form")
            )
    path = _path(route, "1", slug)
    for value in VALUES:
        body = json.dumps(dict.fromkeys(names, value))
        _check(client.generic("POST", path, body, content_type="application/json"), (path, value))


@pytest.mark.parametrize("path", ["/", "/healthz", "/studies/any/page"])
def test_it_refuses_other_methods_outside_the_api_in_the_same_shape(path: str) -> None:
    answer = Client().post(path)
    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"

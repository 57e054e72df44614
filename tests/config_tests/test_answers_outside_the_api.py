from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from config.celery import served_key
from config.health import QUEUES
from config.urls import urlpatterns as real_patterns
from studies.models import Role
from tests.factories import client_of, make_member, make_study

pytestmark = pytest.mark.django_db


def breaks(request: HttpRequest, name: str) -> HttpResponse:
    raise RuntimeError(f"the secret of {name}")


urlpatterns = [path("breaks/<str:name>", breaks, name="breaks"), *real_patterns]
handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"


@pytest.fixture
def logged() -> Iterator[list[dict[str, Any]]]:
    with structlog.testing.capture_logs() as lines:
        yield lines  # type: ignore[misc]


def test_it_is_healthy_when_everything_is_there_and_every_queue_is_served(servers: None) -> None:
    keys = [served_key(queue) for queue in QUEUES]
    cache.delete_many(keys)
    lonely = Client().get("/healthz")
    assert lonely.status_code == 503
    assert lonely.json() == {
        "status": "failing", "database": "ok", "redis": "ok", "worker": "failing", "storage": "ok"
    }  # fmt: skip
    cache.set_many(dict.fromkeys(keys, 1), timeout=20)
    assert Client().get("/healthz").json()["status"] == "ok"
    cache.delete_many(keys)


def test_it_says_which_part_is_missing(servers: None, settings: Settings, tmp_path: Path) -> None:
    in_the_way = tmp_path / "in-the-way"
    in_the_way.write_text("")
    settings.STORAGE_ROOT = str(in_the_way)
    settings.REDIS_URL = f"unix://{tmp_path}/no-redis.sock"
    body = Client().get("/healthz").json()
    assert (body["storage"], body["redis"], body["database"]) == ("failing", "failing", "ok")


def test_it_answers_404_in_the_one_error_shape() -> None:
    answer = Client().get("/api/v1/no-such-thing")
    assert answer.status_code == 404
    assert answer.json() == {"code": "not_found", "message": "There is nothing here.", "details": []}


def test_it_answers_400_in_the_one_error_shape() -> None:
    client = client_of(make_member(make_study(), Role.COORDINATOR))
    answer = client.post("/api/v1/session/sign-in", data="{not json", content_type="application/json")
    assert answer.status_code == 400
    assert set(answer.json()) == {"code", "message", "details"}


def test_it_answers_a_strange_host_in_the_one_error_shape() -> None:
    answer = Client().get("/api/v1/session", headers={"host": "evil.example.org"})
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_request"


@pytest.mark.urls("tests.config_tests.test_answers_outside_the_api")
def test_it_answers_500_in_words_and_logs_where_it_broke_but_no_value(logged: list[dict[str, Any]]) -> None:
    client = Client(raise_request_exception=False)
    answer = client.get("/breaks/Jane-Doe?note=secret")
    assert answer.status_code == 500
    assert answer.json()["code"] == "server_error"
    assert "Jane" not in answer.content.decode()
    (line,) = [line for line in logged if line["event"] == "unhandled_error"]
    assert (line["error"], line["route"], line["request_id"]) == (
        "RuntimeError", "breaks/<str:name>", answer["X-Request-ID"]
    )  # fmt: skip
    assert any("test_answers_outside_the_api.py" in place and "breaks" in place for place in line["where"])
    assert "Jane" not in str(logged)
    assert "secret" not in str(logged)


def test_it_logs_route_and_status_and_neither_path_nor_query_nor_body(
    logged: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    study = make_study()
    client = client_of(make_member(study, Role.COORDINATOR))
    with caplog.at_level(logging.DEBUG):
        answer = client.get(f"/api/v1/studies/{study.slug}/registry/patients/Jane-Doe?name=Jane")
        client.post("/api/v1/session/sign-in", {"email": "jane@example.org", "password": "Jane"}, format="json")
    (line, other) = [line for line in logged if line["event"] == "request"]
    assert (line["method"], line["status"], line["route"]) == (
        "GET", 404, "api/v1/studies/<slug:slug>/registry/patients/<str:pseudonym>"
    )  # fmt: skip
    assert answer["X-Request-ID"] == line["request_id"] != other["request_id"]
    for text in (str(logged), caplog.text):
        assert "Jane" not in text
        assert "jane" not in text


def test_it_sends_headers_that_keep_foreign_code_out() -> None:
    answer = Client().get("/healthz")
    policy = answer["Content-Security-Policy"]
    for rule in ("default-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "base-uri 'self'"):
        assert rule in policy
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"


def test_it_says_when_the_front_end_was_not_built_and_serves_it_when_it_was(settings: Settings, tmp_path: Path) -> None:
    settings.FRONT_END_FOLDER = tmp_path
    missing = Client().get("/studies/any/page")
    assert missing.status_code == 503
    assert b"make setup" in missing.content
    (tmp_path / "index.html").write_text("<!doctype html>")
    page = Client().get("/")
    assert page.status_code == 200
    assert page["Cache-Control"] == "no-store"
    assert "lucency_csrf" in page.cookies
    assert Client().post("/").status_code == 405

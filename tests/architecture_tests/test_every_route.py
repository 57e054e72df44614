"""Every view of the API says what it is called, who may use it, and answers nobody who is not signed in."""

from __future__ import annotations

from collections import Counter

import pytest
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import AllowAny

from accounts.api import SessionView, SignInView
from studies.invitation_api import AcceptInvitationView, LookAtInvitationView
from tests.routes import METHODS, Route, all_routes

OPEN_TO_ALL = (SessionView, SignInView, LookAtInvitationView, AcceptInvitationView, SpectacularAPIView)
API = [route for route in all_routes() if route.api_view is not None]


def _name(route: Route) -> str:
    return route.name


@pytest.mark.parametrize("route", API, ids=_name)
def test_it_is_closed_to_visitors_unless_it_is_one_of_the_few(route: Route) -> None:
    assert route.api_view is not None
    permissions = list(route.api_view.permission_classes)
    assert permissions, "a view without permissions lets everybody in"
    open_to_all = any(permission is AllowAny for permission in permissions)
    assert open_to_all is (route.api_view in OPEN_TO_ALL)


def test_it_gives_every_operation_a_name_of_its_own() -> None:
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    operations = [
        (path, method, operation["operationId"])
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]
    counts = Counter(name for _, _, name in operations)
    assert [name for name, count in counts.items() if count > 1] == []
    # A name that drf-spectacular has made up holds the path and the verb.
    assert [name for _, _, name in operations if name.startswith("api_v1") or name.endswith("_retrieve")] == []
    asked = sum(len(route.methods) for route in API if route.api_view is not SpectacularAPIView)
    assert len(operations) == asked


def test_it_names_every_route_once() -> None:
    counts = Counter(route.name for route in all_routes())
    assert [name for name, count in counts.items() if count > 1] == []


def test_it_keeps_personal_things_out_of_addresses() -> None:
    """Addresses end up in the logs of proxies: they hold numbers, slugs, codes and pseudonyms only."""
    allowed = {
        "slug", "session_id", "code", "kind", "radiograph_id", "note_id", "label_id", "batch_id", "number",
        "pseudonym", "release_id", "protocol_id", "run_id", "map_id", "case", "comparison_id", "image_id", "which",
        "import_id", "upload_id", "token_id", "file_id",
        "earlier", "position", "invitation_id", "meeting_id",
    }  # fmt: skip
    used = {part.split(">")[0].split(":")[-1] for route in all_routes() for part in route.pattern.split("<")[1:]}
    assert {name for name in used if name.isidentifier()} <= allowed

"""Every route of the project, as its resolver knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.views import APIView

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Route:
    name: str
    pattern: str
    view: Any

    @property
    def api_view(self) -> type[APIView] | None:
        found = getattr(self.view, "cls", None) or getattr(self.view, "view_class", None)
        return found if isinstance(found, type) and issubclass(found, APIView) else None

    @property
    def methods(self) -> list[str]:
        """What it answers; a view that is a function is asked by GET."""
        if self.api_view is None:
            return ["get"]
        return [method for method in METHODS if hasattr(self.api_view, method)]


def all_routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, ""))


def _walk(patterns: list[Any], before: str) -> Iterator[Route]:
    for pattern in patterns:
        here = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here)
        elif isinstance(pattern, URLPattern):
            yield Route(pattern.name or here, here, pattern.callback)

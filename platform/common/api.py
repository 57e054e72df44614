"""The one JSON error shape of the API: `{code, message, details[]}`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, parsers, serializers
from rest_framework.response import Response
from rest_framework.views import exception_handler as drf_exception_handler
from rest_framework.views import set_rollback

from common.errors import DomainError


class ErrorDetailSerializer(serializers.Serializer[Any]):
    field = serializers.CharField(required=False)
    message = serializers.CharField()


class ErrorSerializer(serializers.Serializer[Any]):
    """What every refused request answers."""

    code = serializers.CharField()
    message = serializers.CharField()
    details = ErrorDetailSerializer(many=True)


class JSONParser(parsers.JSONParser):
    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except RecursionError as error:
            raise exceptions.ParseError("This JSON is nested too deeply.") from error


def exception_handler(exc: Exception, context: dict[str, Any]) -> Response | None:
    if isinstance(exc, DomainError):
        set_rollback()
        return Response(exc.as_json(), status=exc.status)
    response = drf_exception_handler(exc, context)
    if response is None:
        return None
    response.data = _shape(exc)
    return response


def _shape(exc: Exception) -> dict[str, Any]:
    if isinstance(exc, exceptions.ValidationError):
        details = list(_flatten(exc.detail))
        message = details[0]["message"] if len(details) == 1 else "Some of the input is not valid."
        return {"code": "invalid", "message": message, "details": details}
    if isinstance(exc, exceptions.NotFound | Http404):
        return {"code": "not_found", "message": "There is nothing here.", "details": []}
    if isinstance(exc, exceptions.APIException):
        return {"code": str(exc.default_code), "message": str(exc.detail), "details": []}
    if isinstance(exc, PermissionDenied):
        return {"code": "forbidden", "message": "This is not yours to do.", "details": []}
    return {"code": "refused", "message": "The request was refused.", "details": []}


def _flatten(detail: Any, path: str = "") -> Iterator[dict[str, Any]]:
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            here = path if key == "non_field_errors" else f"{path}.{key}".strip(".")
            yield from _flatten(value, here)
    elif isinstance(detail, Sequence) and not isinstance(detail, str):
        for index, value in enumerate(detail):
            nested = isinstance(value, Mapping) and bool(value)
            yield from _flatten(value, f"{path}.{index}".strip(".") if nested else path)
    else:
        entry: dict[str, Any] = {"message": str(detail)}
        if path:
            entry["field"] = path
        yield entry

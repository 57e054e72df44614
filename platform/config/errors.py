"""Errors outside the API's views, in the API's shape."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest, HttpResponse, JsonResponse

View = Callable[[HttpRequest], HttpResponse]


def bad_request(request: HttpRequest, exception: Exception | None = None) -> JsonResponse:
    message = "The server cannot make sense of this request."
    return JsonResponse({"code": "bad_request", "message": message, "details": []}, status=400)


def not_found(request: HttpRequest, exception: Exception) -> JsonResponse:
    return JsonResponse({"code": "not_found", "message": "There is nothing here.", "details": []}, status=404)


def server_error(request: HttpRequest) -> JsonResponse:
    message = "Something went wrong on the server. Nothing was changed; the log says more."
    return JsonResponse({"code": "server_error", "message": message, "details": []}, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> JsonResponse:
    message = "This request did not come from the page as it is now. Reload the page and try again."
    return JsonResponse({"code": "csrf_failed", "message": message, "details": []}, status=403)


def safe_methods_only(view: View) -> View:
    """Django's own decorator refuses with an empty page of HTML."""

    @wraps(view)
    def refusing(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return view(request)
        message = f"{request.method} is not possible here."
        body = {"code": "method_not_allowed", "message": message, "details": []}
        return JsonResponse(body, status=405, headers={"Allow": "GET, HEAD"})

    return refusing


class RefuseZeroBytesMiddleware:
    """PostgreSQL keeps no text with a zero byte in it: one in an address is nobody's honest question."""

    def __init__(self, get_response: View) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or b"\x00" in unquote_to_bytes(request.META.get("QUERY_STRING", "")):
            return bad_request(request)
        return self._get_response(request)

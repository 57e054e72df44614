"""Errors outside the API's views, in the API's shape."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse


def bad_request(request: HttpRequest, exception: Exception) -> JsonResponse:
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

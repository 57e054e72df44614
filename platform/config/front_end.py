"""The page: one file that loads the built front end. Its assets are served by WhiteNoise."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token

from config.errors import safe_methods_only


@safe_methods_only
def front_end(request: HttpRequest) -> HttpResponse:
    index = settings.FRONT_END_FOLDER / "index.html"
    if not index.exists():
        message = "The front end has not been built. Run `make setup`, then reload this page."
        return HttpResponse(message, status=503, content_type="text/plain; charset=utf-8")
    get_token(request)
    response = HttpResponse(index.read_bytes(), content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-store"
    return response

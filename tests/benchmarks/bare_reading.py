"""The baseline: Django and DRF with nothing of ours, doing the same input and output for one read.

One row is read, one file is sent, one row is updated. No session, no permission, no audit log, no blinding.
The connection's host and database, and the files, come from the environment of the benchmark.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, cast

from django.conf import settings

if not settings.configured:
    settings.configure(
        SECRET_KEY="of a server that lives for a minute",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        INSTALLED_APPS=[],
        MIDDLEWARE=[],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql", "USER": "postgres", "CONN_MAX_AGE": 60,
                "HOST": os.environ["BARE_HOST"], "NAME": os.environ["BARE_DATABASE"],
            }
        },
        REST_FRAMEWORK={
            "DEFAULT_AUTHENTICATION_CLASSES": [], "DEFAULT_PERMISSION_CLASSES": [], "UNAUTHENTICATED_USER": None,
            "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
            "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
        },
    )  # fmt: skip

import django

django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import connection  # noqa: E402
from django.http import HttpResponse  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

_FILES: list[str] = json.loads(os.environ["BARE_FILES"])


class OpenView(APIView):
    def post(self, request: Request, number: int) -> Response:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, state FROM bare_read WHERE id = %s", [number])
            found: tuple[Any, ...] = cursor.fetchone()
        return Response({"id": found[0], "state": found[1]})


class ImageView(APIView):
    def get(self, request: Request, number: int) -> HttpResponse:
        data = Path(_FILES[number % len(_FILES)]).read_bytes()
        return HttpResponse(data, content_type="application/octet-stream")


class SubmitView(APIView):
    def post(self, request: Request, number: int) -> Response:
        answer = cast(dict[str, Any], request.data)
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE bare_read SET state = 'submitted', call = %s, confidence = %s WHERE id = %s",
                [answer["call"], answer["confidence"], number],
            )
        return Response({"next": number + 1})


urlpatterns = [
    path("<int:number>/open", OpenView.as_view()),
    path("<int:number>/image", ImageView.as_view()),
    path("<int:number>/submit", SubmitView.as_view()),
]
application = get_wsgi_application()

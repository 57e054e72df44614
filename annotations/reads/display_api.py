"""The reader's page tells on what it is read: viewport, pixel ratio, and the last check of the monitor."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actor import actor_of
from annotations.reads import selectors, services
from annotations.reads.reader_role import ReaderView
from common.api import ErrorSerializer

_MOST_PIXELS = 32_768


class DisplaySerializer(serializers.Serializer[Any]):
    # In CSS pixels.
    viewport_width = serializers.IntegerField(min_value=1, max_value=_MOST_PIXELS)
    viewport_height = serializers.IntegerField(min_value=1, max_value=_MOST_PIXELS)
    pixel_ratio = serializers.FloatField(min_value=0.1, max_value=16)
    # Of the last check of the monitor in this browser; null where nobody has checked it.
    checked_at = serializers.DateTimeField(allow_null=True, default=None)
    sees_dark = serializers.BooleanField(allow_null=True, default=None)
    sees_bright = serializers.BooleanField(allow_null=True, default=None)
    # CSS pixels, by a card held against the screen.
    pixels_per_millimetre = serializers.FloatField(min_value=0.5, max_value=50, allow_null=True, default=None)


class ReportDisplayView(ReaderView):
    @extend_schema(
        operation_id="report_display",
        request=DisplaySerializer,
        responses={200: DisplaySerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, session_id: int) -> Response:
        session = selectors.my_session(actor_of(request), session_id)
        data = DisplaySerializer(data=request.data)
        data.is_valid(raise_exception=True)
        services.report_display(session=session, display=data.validated_data)
        return Response(DisplaySerializer(data.validated_data).data)

"""Releasing words of a note to be shown outside the queue, and taking them back."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.labels import quotes, selectors
from annotations.labels.note_serializers import QuoteReleaseSerializer
from common.api import ErrorSerializer


class ReleaseQuoteSerializer(serializers.Serializer[Any]):
    start = serializers.IntegerField(min_value=0)
    end = serializers.IntegerField(min_value=1)
    reason = serializers.CharField(max_length=1000)


class WithdrawQuoteSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1000)


class ReleaseQuoteView(APIView):
    @extend_schema(
        operation_id="release_quote",
        request=ReleaseQuoteSerializer,
        responses={201: QuoteReleaseSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, note_id: int) -> Response:
        actor = actor_of(request)
        note = selectors.note_for(actor, slug, note_id)
        data = ReleaseQuoteSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        release = quotes.release_quote(note=note, actor=actor, **data.validated_data)
        return Response(QuoteReleaseSerializer(release).data, status=status.HTTP_201_CREATED)


class WithdrawQuoteView(APIView):
    @extend_schema(
        operation_id="withdraw_quote",
        request=WithdrawQuoteSerializer,
        responses={200: QuoteReleaseSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, note_id: int, release_id: int) -> Response:
        actor = actor_of(request)
        note = selectors.note_for(actor, slug, note_id)
        data = WithdrawQuoteSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        release = quotes.withdraw_quote(note=note, release_id=release_id, actor=actor, **data.validated_data)
        return Response(QuoteReleaseSerializer(release).data)

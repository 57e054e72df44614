"""DICOMweb for other machines: storing, with a token of the study, and nothing else."""

from __future__ import annotations

from typing import Any, BinaryIO

from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.imaging import sending_tokens
from annotations.imaging.models import SendingToken
from annotations.imaging.related_parts import BrokenBodyError, boundary_of, related_parts
from annotations.imaging.stow import store_instances
from common.api import ErrorSerializer
from common.errors import Invalid, NotFound
from studies.models import Role
from studies.selectors import study_for


class SendingTokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`. Who is signed in on the page is nobody here."""

    def authenticate(self, request: Request) -> tuple[AnonymousUser, SendingToken] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = sending_tokens.valid_token(token.strip())
        if found is None:
            raise AuthenticationFailed("This token is not valid, or has been withdrawn.")
        return AnonymousUser(), found

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="DICOMweb"'


class SendingTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = SendingTokenAuthentication
    name = "sendingToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class HoldsSendingToken(BasePermission):
    message = "Send the study's token as Authorization: Bearer."

    def has_permission(self, request: Request, view: APIView) -> bool:
        return isinstance(request.auth, SendingToken)


class RelatedParser(BaseParser):
    """The body as it comes, unread."""

    media_type = "multipart/related"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        return stream


class DicomJSONRenderer(JSONRenderer):
    media_type = "application/dicom+json"
    format = "dicom+json"


class StoreInstancesView(APIView):
    authentication_classes = (SendingTokenAuthentication,)
    permission_classes = (HoldsSendingToken,)
    parser_classes = (RelatedParser,)
    renderer_classes = (DicomJSONRenderer, JSONRenderer)

    @extend_schema(
        operation_id="store_instances",
        request={"multipart/related": OpenApiTypes.BINARY},
        responses={
            (200, "application/dicom+json"): OpenApiTypes.OBJECT,
            (202, "application/dicom+json"): OpenApiTypes.OBJECT,
            (409, "application/dicom+json"): OpenApiTypes.OBJECT,
        },
    )
    def post(self, request: Request, slug: str) -> Response | HttpResponse:
        """STOW-RS (PS3.18 10.5): the files are received for the study's intake."""
        token = request.auth
        assert isinstance(token, SendingToken)
        if token.study.slug != slug:
            raise NotFound("There is no such study for this token.")
        body: BinaryIO = request.data  # type: ignore[assignment]
        try:
            boundary = boundary_of(request.META.get("CONTENT_TYPE", ""))
        except BrokenBodyError as error:
            raise Invalid(str(error), code="body") from error
        stored = store_instances(token=token, parts=related_parts(body, boundary))
        if not stored.instances:
            raise Invalid("There is no whole file in the body.", code="body")
        return Response(stored.as_dicom_json(), status=stored.status)


class SendingTokenSerializer(serializers.ModelSerializer[SendingToken]):
    created_by = serializers.CharField(source="created_by.name", allow_null=True, default=None)

    class Meta:
        model = SendingToken
        fields = ("id", "name", "created_by", "created_at", "last_used_at", "withdrawn_at")


class NewTokenSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)


class CreatedTokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Shown this once.")
    address = serializers.CharField()
    created = SendingTokenSerializer()


class SendingTokensView(APIView):
    @extend_schema(operation_id="sending_tokens", responses=SendingTokenSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        study = study_for(actor_of(request), slug, Role.ADMINISTRATOR)
        tokens = SendingToken.objects.filter(study=study).select_related("created_by").order_by("-pk")
        return Response(SendingTokenSerializer(tokens, many=True).data)

    @extend_schema(
        operation_id="create_sending_token",
        request=NewTokenSerializer,
        responses={201: CreatedTokenSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.ADMINISTRATOR)
        data = NewTokenSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        row, token = sending_tokens.create_token(study=study, name=data.validated_data["name"], actor=actor)
        address = request.build_absolute_uri(f"/dicom-web/{study.slug}/studies")
        body = {"token": token, "address": address, "created": row}
        return Response(CreatedTokenSerializer(body).data, status=201, headers={"Cache-Control": "no-store"})


class WithdrawSendingTokenView(APIView):
    @extend_schema(
        operation_id="withdraw_sending_token",
        request=None,
        responses={200: SendingTokenSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, token_id: int) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.ADMINISTRATOR)
        token = SendingToken.objects.select_related("study", "created_by").filter(study=study, pk=token_id).first()
        if token is None:
            raise NotFound("There is no such token.")
        return Response(SendingTokenSerializer(sending_tokens.withdraw_token(token=token, actor=actor)).data)

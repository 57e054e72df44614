"""Invitations: made and withdrawn by administrators, looked at and accepted by whoever has the link."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from accounts.api import SessionSerializer, session_body
from common.api import ErrorSerializer
from studies import invitations
from studies.models import Invitation, Role
from studies.selectors import study_for


class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    class Meta:
        model = Invitation
        fields = ("id", "email", "name", "role", "invited_at", "expires_at")


class InviteSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    name = serializers.CharField(max_length=200)
    role = serializers.ChoiceField(choices=Role.choices)


class InvitationLinkSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=200)


class InvitedSerializer(serializers.Serializer[Any]):
    study = serializers.CharField()
    email = serializers.CharField()
    name = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)


class AcceptInvitationSerializer(InvitationLinkSerializer):
    name = serializers.CharField(max_length=200)
    password = serializers.CharField(trim_whitespace=False)


class InvitationsView(APIView):
    @extend_schema(operation_id="invitations", responses=InvitationSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        study = study_for(actor_of(request), slug, Role.ADMINISTRATOR)
        rows = invitations.open_invitations(study).order_by("-pk")
        return Response(InvitationSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="invite_person",
        request=InviteSerializer,
        responses={200: InvitationSerializer(many=True), 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.ADMINISTRATOR)
        data = InviteSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        invitations.invite_person(
            study=study, address=request.build_absolute_uri("/invitation"), actor=actor, **data.validated_data
        )
        return self.get(request, slug)


class WithdrawInvitationView(APIView):
    @extend_schema(operation_id="withdraw_invitation", request=None, responses=InvitationSerializer(many=True))
    def post(self, request: Request, slug: str, invitation_id: int) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.ADMINISTRATOR)
        invitations.withdraw_invitation(study=study, invitation_id=invitation_id, actor=actor)
        rows = invitations.open_invitations(study).order_by("-pk")
        return Response(InvitationSerializer(rows, many=True).data)


@method_decorator(csrf_protect, name="dispatch")
class LookAtInvitationView(APIView):
    """The secret is in the body: an address would end up in logs."""

    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="look_at_invitation",
        request=InvitationLinkSerializer,
        responses={200: InvitedSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        data = InvitationLinkSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        found = invitations.invitation_behind(data.validated_data["token"])
        body = {"study": found.study.title, "email": found.email, "name": found.name, "role": found.role}
        return Response(InvitedSerializer(body).data)


@method_decorator(csrf_protect, name="dispatch")
class AcceptInvitationView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="accept_invitation",
        request=AcceptInvitationSerializer,
        responses={200: SessionSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        data = AcceptInvitationSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        person = invitations.accept_invitation(**data.validated_data)
        login(request._request, person, backend="django.contrib.auth.backends.ModelBackend")
        request.user = person
        return Response(session_body(request))

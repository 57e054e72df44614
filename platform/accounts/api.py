from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.middleware.csrf import get_token
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect, ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import Person
from accounts.services import sign_in_attempt
from common.api import ErrorSerializer
from common.errors import Invalid


class PersonSerializer(serializers.ModelSerializer[Person]):
    class Meta:
        model = Person
        fields = ("id", "name", "email", "is_simulated")


class SessionSerializer(serializers.Serializer[Any]):
    authenticated = serializers.BooleanField()
    person = PersonSerializer(allow_null=True)
    csrf_token = serializers.CharField()
    demo = serializers.BooleanField()


class SignInSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    password = serializers.CharField(trim_whitespace=False)


def session_body(request: Request) -> dict[str, Any]:
    person = request.user if request.user.is_authenticated else None
    return SessionSerializer(
        {
            "authenticated": person is not None,
            "person": person,
            "csrf_token": get_token(request._request),
            "demo": settings.LUCENCY_DEMO_ALLOWED,
        }
    ).data


@method_decorator(ensure_csrf_cookie, name="dispatch")
class SessionView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="session", responses=SessionSerializer)
    def get(self, request: Request) -> Response:
        return Response(session_body(request))


@method_decorator(csrf_protect, name="dispatch")
class SignInView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(
        operation_id="sign_in",
        request=SignInSerializer,
        responses={200: SessionSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request) -> Response:
        data = SignInSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        email: str = data.validated_data["email"]
        with sign_in_attempt(email) as attempt:
            person = authenticate(request._request, username=email, password=data.validated_data["password"])
            if person is None:
                raise Invalid("E-mail and password do not match.", code="sign_in_failed")
            attempt.succeeded()
        login(request._request, person)
        request.user = person
        return Response(session_body(request))


class SignOutView(APIView):
    @extend_schema(operation_id="sign_out", request=None, responses=SessionSerializer)
    def post(self, request: Request) -> Response:
        logout(request._request)
        return Response(session_body(request))

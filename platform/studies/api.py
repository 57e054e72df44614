from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from accounts.api import PersonSerializer
from accounts.models import Person
from common.api import ErrorSerializer
from common.errors import NotFound
from studies import selectors, services
from studies.models import Membership, Role, Study
from studies.next_steps import next_steps


class StudySummarySerializer(serializers.ModelSerializer[Study]):
    roles = serializers.SerializerMethodField()

    class Meta:
        model = Study
        fields = ("slug", "title", "is_demo", "roles")

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=Role.choices)))
    def get_roles(self, study: Study) -> list[str]:
        return sorted(self.context["roles"][study.pk])


class NextStepSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.choices)
    href = serializers.CharField()
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    is_done = serializers.BooleanField()


class StudySerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    is_demo = serializers.BooleanField()
    roles = serializers.ListField(child=serializers.ChoiceField(choices=Role.choices))
    next_steps = NextStepSerializer(many=True)


class MembershipSerializer(serializers.ModelSerializer[Membership]):
    person = PersonSerializer()

    class Meta:
        model = Membership
        fields = ("person", "role", "granted_at")


class RoleChangeSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=Role.choices)


class StudyListView(APIView):
    @extend_schema(operation_id="studies", responses=StudySummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        actor = actor_of(request)
        studies, roles = selectors.studies_of(actor), selectors.roles_by_study(actor)
        return Response(StudySummarySerializer(studies, many=True, context={"roles": roles}).data)


class StudyView(APIView):
    @extend_schema(operation_id="study", responses={200: StudySerializer, 404: ErrorSerializer})
    def get(self, request: Request, slug: str) -> Response:
        study = selectors.study_for(actor_of(request), slug)
        roles = selectors.roles_of(actor_of(request), study)
        body = {
            "slug": study.slug,
            "title": study.title,
            "description": study.description,
            "is_demo": study.is_demo,
            "roles": sorted(roles),
            "next_steps": next_steps(actor_of(request), study, roles),
        }
        return Response(StudySerializer(body).data)


def _person(email: str) -> Person:
    person = Person.objects.filter(email__iexact=email, is_active=True).first()
    if person is None:
        raise NotFound("Nobody with this e-mail address has an account.", code="no_such_person")
    return person


class PeopleView(APIView):
    @extend_schema(operation_id="people", responses=MembershipSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        study = selectors.study_for(actor_of(request), slug, Role.ADMINISTRATOR)
        return Response(MembershipSerializer(selectors.members(study), many=True).data)

    @extend_schema(operation_id="grant_role", request=RoleChangeSerializer, responses=MembershipSerializer(many=True))
    def post(self, request: Request, slug: str) -> Response:
        study = selectors.study_for(actor_of(request), slug, Role.ADMINISTRATOR)
        data = RoleChangeSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        person = _person(data.validated_data["email"])
        services.grant_role(study=study, person=person, role=data.validated_data["role"], actor=actor_of(request))
        return Response(MembershipSerializer(selectors.members(study), many=True).data)


class WithdrawRoleView(APIView):
    @extend_schema(
        operation_id="withdraw_role",
        request=RoleChangeSerializer,
        responses=MembershipSerializer(many=True),
    )
    def post(self, request: Request, slug: str) -> Response:
        study = selectors.study_for(actor_of(request), slug, Role.ADMINISTRATOR)
        data = RoleChangeSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        person = _person(data.validated_data["email"])
        services.withdraw_role(study=study, person=person, role=data.validated_data["role"], actor=actor_of(request))
        return Response(MembershipSerializer(selectors.members(study), many=True).data)

"""Cohort rules, building a cohort, and what the registry holds of one patient."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.cohorts import selectors, services
from annotations.cohorts.models import CohortRules
from annotations.cohorts.rules import PUBLISHED_RULES
from common.api import ErrorSerializer
from studies.models import Role
from studies.selectors import study_for


class CohortRulesSerializer(serializers.ModelSerializer[CohortRules]):
    rules = serializers.DictField()
    created_by = serializers.CharField(source="created_by.name", allow_null=True, default=None)

    class Meta:
        model = CohortRules
        fields = ("version", "rules", "created_by", "created_at")


class CohortRulesListSerializer(serializers.Serializer[Any]):
    published = serializers.DictField()
    versions = CohortRulesSerializer(many=True)


class SaveRulesSerializer(serializers.Serializer[Any]):
    rules = serializers.DictField()


class BuildCohortSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(min_value=1)


class BuiltCohortSerializer(serializers.Serializer[Any]):
    rules_version = serializers.IntegerField()
    built_at = serializers.DateTimeField()


class TraceRowSerializer(serializers.Serializer[Any]):
    day = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["procedure", "diagnosis", "follow_up"])
    side = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class PatientTraceSerializer(serializers.Serializer[Any]):
    pseudonym = serializers.CharField()
    site = serializers.CharField()
    sex = serializers.CharField()
    birth_year = serializers.IntegerField()
    rows = TraceRowSerializer(many=True)


class CohortRulesView(APIView):
    @extend_schema(operation_id="cohort_rules", responses=CohortRulesListSerializer)
    def get(self, request: Request, slug: str) -> Response:
        versions = selectors.rules_versions(actor_of(request), slug)
        return Response(CohortRulesListSerializer({"published": PUBLISHED_RULES, "versions": versions}).data)

    @extend_schema(
        operation_id="save_cohort_rules",
        request=SaveRulesSerializer,
        responses={201: CohortRulesSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.COORDINATOR)
        data = SaveRulesSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        saved = services.save_rules(study=study, rules=data.validated_data["rules"], actor=actor)
        return Response(CohortRulesSerializer(saved).data, status=status.HTTP_201_CREATED)


class BuildCohortView(APIView):
    @extend_schema(
        operation_id="build_cohort",
        request=BuildCohortSerializer,
        responses={201: BuiltCohortSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.COORDINATOR)
        data = BuildCohortSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        rules = selectors.rules_version(actor, slug, data.validated_data["version"])
        cohort = services.build_cohort(study=study, rules=rules, actor=actor)
        body = {"rules_version": rules.version, "built_at": cohort.built_at}
        return Response(BuiltCohortSerializer(body).data, status=status.HTTP_201_CREATED)


class PatientTraceView(APIView):
    @extend_schema(operation_id="patient_trace", responses={200: PatientTraceSerializer, 404: ErrorSerializer})
    def get(self, request: Request, slug: str, pseudonym: str) -> Response:
        patient = selectors.patient_for(actor_of(request), slug, pseudonym)
        body = {
            "pseudonym": patient.pseudonym,
            "site": patient.site.code,
            "sex": patient.sex,
            "birth_year": patient.birth_year,
            "rows": selectors.patient_trace(patient),
        }
        return Response(PatientTraceSerializer(body).data)

"""Cohort rules and their preview, and what the registry holds of one patient."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.cohorts import selectors, services
from annotations.cohorts.models import CohortRules
from annotations.cohorts.patient_trace import decision_trace, patient_trace
from annotations.cohorts.preview import preview_flow
from annotations.cohorts.rules import PUBLISHED_RULES, rules_of_version
from common.api import ErrorSerializer
from studies.models import Role
from studies.selectors import study_for

EDITORS = (Role.COORDINATOR, Role.ADMINISTRATOR)


class CohortRulesSerializer(serializers.ModelSerializer[CohortRules]):
    rules = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.name", allow_null=True, default=None)
    cohorts = serializers.IntegerField(source="cohort_count", default=0, read_only=True)

    class Meta:
        model = CohortRules
        fields = ("version", "rules", "note", "created_by", "created_at", "cohorts")

    def get_rules(self, version: CohortRules) -> dict[str, Any]:
        return rules_of_version(version.rules)


class CohortRulesListSerializer(serializers.Serializer[Any]):
    published = serializers.DictField()
    may_edit = serializers.BooleanField()
    versions = CohortRulesSerializer(many=True)


class RulesSerializer(serializers.Serializer[Any]):
    rules = serializers.DictField()


class SaveRulesSerializer(RulesSerializer):
    note = serializers.CharField(max_length=services.LONGEST_NOTE, allow_blank=True, required=False, default="")


class PreviewExclusionSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField()
    patients = serializers.IntegerField()


class PreviewStepSerializer(serializers.Serializer[Any]):
    key = serializers.ChoiceField(choices=["registry", "revised", "coded", "eligible"])
    patients_in = serializers.IntegerField()
    patients_out = serializers.IntegerField()
    excluded = PreviewExclusionSerializer(many=True)
    expected = serializers.IntegerField(allow_null=True)


class RulesPreviewSerializer(serializers.Serializer[Any]):
    steps = PreviewStepSerializer(many=True)


class TraceRowSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    day = serializers.IntegerField()
    kind = serializers.ChoiceField(choices=["procedure", "diagnosis", "follow_up"])
    side = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class RuleTestSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    passed = serializers.BooleanField()
    rows = serializers.ListField(child=serializers.IntegerField())


class JudgedOperationSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField()
    side = serializers.CharField()
    cpt = serializers.CharField()
    is_index = serializers.BooleanField()
    fails = serializers.CharField()
    tests = RuleTestSerializer(many=True)


class DecisionTraceSerializer(serializers.Serializer[Any]):
    rules_version = serializers.IntegerField()
    excluded_at_step = serializers.CharField()
    reason = serializers.CharField()
    comparison_reason = serializers.CharField(allow_null=True)
    is_up_to_date = serializers.BooleanField()
    judged = JudgedOperationSerializer(many=True)


class PatientTraceSerializer(serializers.Serializer[Any]):
    pseudonym = serializers.CharField()
    site = serializers.CharField()
    sex = serializers.CharField()
    birth_year = serializers.IntegerField()
    rows = TraceRowSerializer(many=True)
    decision = DecisionTraceSerializer(allow_null=True)


class CohortRulesView(APIView):
    @extend_schema(operation_id="cohort_rules", responses=CohortRulesListSerializer)
    def get(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        versions = selectors.rules_versions(actor, slug)
        body = {
            "published": PUBLISHED_RULES,
            "may_edit": selectors.may_edit_rules(actor, slug),
            "versions": versions,
        }
        return Response(CohortRulesListSerializer(body).data)

    @extend_schema(
        operation_id="save_cohort_rules",
        request=SaveRulesSerializer,
        responses={201: CohortRulesSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, *EDITORS)
        data = SaveRulesSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        saved = services.save_rules(study=study, actor=actor, **data.validated_data)
        return Response(CohortRulesSerializer(saved).data, status=status.HTTP_201_CREATED)


class PreviewRulesView(APIView):
    @extend_schema(
        operation_id="preview_cohort_rules",
        request=RulesSerializer,
        responses={200: RulesPreviewSerializer, 400: ErrorSerializer},
        description="What these rules would make of the registry as it stands. Nothing is saved.",
    )
    def post(self, request: Request, slug: str) -> Response:
        study = study_for(actor_of(request), slug, *EDITORS)
        data = RulesSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        steps = preview_flow(study, data.validated_data["rules"])
        return Response(RulesPreviewSerializer({"steps": [asdict(step) for step in steps]}).data)


class PatientTraceView(APIView):
    @extend_schema(operation_id="patient_trace", responses={200: PatientTraceSerializer, 404: ErrorSerializer})
    def get(self, request: Request, slug: str, pseudonym: str) -> Response:
        patient = selectors.patient_for(actor_of(request), slug, pseudonym)
        cohort = selectors.current_cohort(patient.study)
        body = {
            "pseudonym": patient.pseudonym,
            "site": patient.site.code,
            "sex": patient.sex,
            "birth_year": patient.birth_year,
            "rows": patient_trace(patient),
            "decision": decision_trace(patient, cohort) if cohort else None,
        }
        return Response(PatientTraceSerializer(body).data)

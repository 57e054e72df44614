"""The published study as an example: the same for every study, apart from every study's own figures."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from mlworker.experiments.api.results import FigureSerializer
from mlworker.experiments.models import RaterKind
from mlworker.experiments.published_study import published_study
from studies.models import Role
from studies.selectors import study_for


class CountsSerializer(serializers.Serializer[Any]):
    tp = serializers.IntegerField()
    fp = serializers.IntegerField()
    fn = serializers.IntegerField()
    tn = serializers.IntegerField()


class LimitsSerializer(serializers.Serializer[Any]):
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class PublishedRaterSerializer(serializers.Serializer[Any]):
    """As published; `…_exact` are Clopper and Pearson's limits beside Wilson's."""

    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=RaterKind.choices)
    counts = CountsSerializer(allow_null=True)
    sensitivity = FigureSerializer()
    specificity = FigureSerializer()
    sensitivity_exact = LimitsSerializer(allow_null=True)
    specificity_exact = LimitsSerializer(allow_null=True)
    auc = FigureSerializer()


class PublishedPairSerializer(serializers.Serializer[Any]):
    """All pairings that the margins allow; a single one where they fix it."""

    quantity = serializers.CharField()
    first = serializers.CharField()
    second = serializers.CharField()
    n = serializers.IntegerField()
    only_first = serializers.ListField(child=serializers.IntegerField())
    only_second = serializers.ListField(child=serializers.IntegerField())
    difference = FigureSerializer()
    p_low = serializers.FloatField()
    p_high = serializers.FloatField()
    statement = serializers.CharField()


class PublishedStudySerializer(serializers.Serializer[Any]):
    loose = serializers.IntegerField()
    well_fixed = serializers.IntegerField()
    raters = PublishedRaterSerializer(many=True)
    pairs = PublishedPairSerializer(many=True)
    remarks = serializers.ListField(child=serializers.CharField())


class PublishedStudyView(APIView):
    @extend_schema(operation_id="published_study", responses=PublishedStudySerializer)
    def get(self, request: Request, slug: str) -> Response:
        study_for(actor_of(request), slug, Role.RESEARCHER)
        return Response(PublishedStudySerializer(published_study()).data)

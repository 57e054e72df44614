"""What a finished comparison shows beside its result: figures, decision curves, and the cases somebody got wrong."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.imaging.models import RenditionKind
from annotations.imaging.viewing import ImageSerializer, image_facts
from common import storage
from common.api import ErrorSerializer
from common.errors import NotFound
from mlworker.experiments import selectors
from mlworker.experiments.api.results import DecisionCurveSerializer, DiscordantCaseSerializer
from mlworker.experiments.comparison_result.probabilities import predictive_values
from mlworker.experiments.figures import FIGURES, decision_curves, drawing_of
from mlworker.experiments.figures.svg import svg_of
from mlworker.experiments.gallery import gallery_facts
from mlworker.experiments.tidy_table import rows_from_json

_PICTURES = (RenditionKind.PREVIEW, RenditionKind.FULL_DEPTH)


class PrevalenceSerializer(serializers.Serializer[Any]):
    """A share of loose hips among those who would be looked at; without it the sample's own is taken."""

    prevalence = serializers.FloatField(min_value=0, max_value=1, required=False)


class FigureRequestSerializer(PrevalenceSerializer):
    form = serializers.ChoiceField(choices=["svg", "pdf"], default="svg")


class PredictiveValuesSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    name = serializers.CharField()
    ppv = serializers.FloatField(allow_null=True)
    npv = serializers.FloatField(allow_null=True)


class DecisionCurvesSerializer(serializers.Serializer[Any]):
    prevalence = serializers.FloatField(allow_null=True)
    prevalence_given = serializers.BooleanField()
    curves = DecisionCurveSerializer(many=True)
    predictive_values = PredictiveValuesSerializer(many=True)


class CaseMapSerializer(serializers.Serializer[Any]):
    run = serializers.IntegerField()
    run_name = serializers.CharField()
    map = serializers.IntegerField()
    method = serializers.CharField()


class GalleryCaseSerializer(DiscordantCaseSerializer):
    maps = CaseMapSerializer(many=True)
    quotes = serializers.ListField(child=serializers.CharField())
    findings = serializers.ListField(child=serializers.CharField())
    image = ImageSerializer()


class GallerySerializer(serializers.Serializer[Any]):
    total = serializers.IntegerField()
    of = serializers.IntegerField()
    cases = GalleryCaseSerializer(many=True)


class ComparisonFigureView(APIView):
    """A figure of the comparison, the very one that the report and its archive hold."""

    @extend_schema(
        operation_id="comparison_figure",
        parameters=[FigureRequestSerializer, OpenApiParameter("which", str, OpenApiParameter.PATH, enum=list(FIGURES))],
        responses={(200, "image/svg+xml"): OpenApiTypes.STR, (200, "application/pdf"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, slug: str, comparison_id: int, which: str) -> HttpResponse:
        comparison = selectors.finished_comparison(actor_of(request), slug, comparison_id)
        asked = FigureRequestSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        rows, result = rows_from_json(comparison.inputs), selectors.result_of(comparison) or {}
        prevalence = asked.validated_data.get("prevalence")
        drawing = drawing_of(which, result, rows, prevalence=prevalence)
        if drawing is None:
            raise NotFound("This comparison has no such figure.")
        if asked.validated_data["form"] == "pdf":
            from mlworker.experiments.figures.pdf import pdf_of

            return _file(pdf_of(drawing), "application/pdf", f"{slug}-comparison-{comparison.pk}-{which}.pdf")
        return _file(svg_of(drawing).encode(), "image/svg+xml", f"{slug}-comparison-{comparison.pk}-{which}.svg")


class DecisionView(APIView):
    """Decision curves and predictive values at a stated prevalence, from the stored inputs."""

    @extend_schema(
        operation_id="comparison_decision",
        parameters=[PrevalenceSerializer],
        responses={200: DecisionCurvesSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def get(self, request: Request, slug: str, comparison_id: int) -> Response:
        comparison = selectors.finished_comparison(actor_of(request), slug, comparison_id)
        asked = PrevalenceSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data.get("prevalence")
        result = selectors.result_of(comparison) or {}
        own = result["positives"] / result["cases"] if result["cases"] else None
        prevalence = given if given is not None else own
        values = [
            {"key": rater["key"], "name": rater["name"]}
            | predictive_values(rater["sensitivity"]["value"], rater["specificity"]["value"], prevalence or 0.0)
            for rater in result["raters"]
        ]
        body = {
            "prevalence": prevalence,
            "prevalence_given": given is not None,
            "curves": decision_curves(result, rows_from_json(comparison.inputs), given),
            "predictive_values": values if prevalence is not None else [],
        }
        return Response(DecisionCurvesSerializer(body).data)


class GalleryView(APIView):
    """The cases that somebody got wrong, worst first, with everything that was said of them."""

    @extend_schema(
        operation_id="comparison_gallery",
        responses={200: GallerySerializer, 409: ErrorSerializer},
    )
    def get(self, request: Request, slug: str, comparison_id: int) -> Response:
        comparison = selectors.opened_comparison(actor_of(request), slug, comparison_id)
        found = (selectors.result_of(comparison) or {})["discordant"]
        facts = gallery_facts(comparison, [case["case"] for case in found["cases"]])
        cases = [
            case
            | {
                "maps": facts[case["case"]].maps,
                "quotes": facts[case["case"]].quotes,
                "findings": facts[case["case"]].findings,
                "image": image_facts(facts[case["case"]].radiograph),
            }
            for case in found["cases"]
        ]
        return Response(GallerySerializer(found | {"cases": cases}).data)


class ComparedPictureView(APIView):
    """The radiograph of a compared case, small or at full depth for the viewer."""

    @extend_schema(
        operation_id="compared_picture",
        parameters=[OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=[str(kind) for kind in _PICTURES])],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 409: ErrorSerializer},
    )
    def get(self, request: Request, slug: str, comparison_id: int, case: int, kind: str) -> HttpResponse:
        comparison = selectors.opened_comparison(actor_of(request), slug, comparison_id)
        found = selectors.compared_case(comparison, case).radiograph.renditions.filter(kind=kind).first()
        if found is None or kind not in _PICTURES:
            raise NotFound("There is no such picture.")
        return _file(storage.read(found.name), found.media_type)


def _file(data: bytes, media_type: str, name: str | None = None) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["Cache-Control"] = "private, no-store"
    if name:
        response["Content-Disposition"] = f'inline; filename="{name}"'
    return response

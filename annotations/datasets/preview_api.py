"""What a version would hold, before it is frozen, and the choices that it is made from."""

from __future__ import annotations

from collections import Counter
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.datasets import selectors
from annotations.datasets.folds import K_FOLD, LEAVE_ONE_SITE_OUT, KFoldSplit, LeaveOneSiteOut, Split
from annotations.datasets.models import Part
from annotations.datasets.planning import VersionPlan, plan_version
from annotations.datasets.selection import RUNGS, Selection
from annotations.datasets.split import RatioSplit
from annotations.labels.models import LabelValue, Rung
from common.api import ErrorSerializer
from studies.models import Role
from studies.selectors import study_for

_MANY = 200


class SelectionSerializer(serializers.Serializer[Any]):
    sites = serializers.ListField(child=serializers.CharField(max_length=40), default=list, max_length=_MANY)
    sexes = serializers.ListField(child=serializers.CharField(max_length=1), default=list, max_length=3)
    sides = serializers.ListField(child=serializers.CharField(max_length=1), default=list, max_length=2)
    youngest = serializers.IntegerField(allow_null=True, default=None)
    oldest = serializers.IntegerField(allow_null=True, default=None)
    least_rung = serializers.CharField(max_length=20, allow_blank=True, default="")
    follow_up_derived = serializers.BooleanField(default=True)
    one_radiograph_a_hip = serializers.BooleanField(default=True)


class SplitSerializer(serializers.Serializer[Any]):
    """How cases are divided. Each scheme takes its own fields and leaves the others alone."""

    scheme = serializers.ChoiceField(choices=["ratio", K_FOLD, LEAVE_ONE_SITE_OUT], default="ratio")
    seed = serializers.IntegerField(min_value=0, max_value=2**31 - 1)
    validation = serializers.FloatField(default=0.1)
    test = serializers.FloatField(default=0.1)
    test_per_class = serializers.IntegerField(allow_null=True, default=None)
    folds = serializers.IntegerField(default=5)
    repeats = serializers.IntegerField(default=1)
    selection = SelectionSerializer(required=False)


class FreezeSerializer(SplitSerializer):
    name = serializers.CharField(max_length=120)
    previewed_sha256 = serializers.CharField(max_length=64, allow_blank=True, default="")


class PartCountSerializer(serializers.Serializer[Any]):
    part = serializers.ChoiceField(choices=Part.choices)
    # "label" is also the name of a field's own caption.
    label = serializers.ChoiceField(choices=LabelValue.choices)  # type: ignore[assignment]
    site = serializers.CharField()
    cases = serializers.IntegerField()


class FoldCountSerializer(serializers.Serializer[Any]):
    repeat = serializers.IntegerField()
    fold = serializers.IntegerField()
    site = serializers.CharField(allow_blank=True)
    training = serializers.IntegerField()
    validation = serializers.IntegerField()
    test = serializers.IntegerField()
    test_loose = serializers.IntegerField()
    test_well_fixed = serializers.IntegerField()


class DisjointnessSerializer(serializers.Serializer[Any]):
    checked = serializers.ListField(child=serializers.CharField())
    cases = serializers.IntegerField()
    patients = serializers.IntegerField(allow_null=True, default=None)
    patients_with_both_hips = serializers.IntegerField(allow_null=True, default=None)
    # Of 64 bits: up to here the pictures of two images are compared.
    near_duplicate_bits = serializers.IntegerField()
    nearest_across_parts_bits = serializers.IntegerField(allow_null=True)
    # Null in a version that was frozen when hashes alone were compared.
    pictures_compared = serializers.IntegerField(allow_null=True, default=None)
    least_correlation = serializers.FloatField(allow_null=True, default=None)
    highest_correlation = serializers.FloatField(allow_null=True, default=None)
    problems = serializers.ListField(child=serializers.CharField())
    suspects = serializers.ListField(child=serializers.CharField())


class LeftOutSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(
        choices=["site", "sex", "side", "rung", "age", "age_unknown", "another_radiograph_of_the_hip"]
    )
    radiographs = serializers.IntegerField()


class SplitProblemSerializer(serializers.Serializer[Any]):
    field = serializers.CharField()
    message = serializers.CharField()


class SplitPreviewSerializer(serializers.Serializer[Any]):
    cases = serializers.IntegerField()
    patients = serializers.IntegerField()
    counts = PartCountSerializer(many=True)
    folds = FoldCountSerializer(many=True)
    left_out = LeftOutSerializer(many=True)
    open_before = serializers.IntegerField()
    disjointness = DisjointnessSerializer()
    remarks = serializers.ListField(child=serializers.CharField())
    # What keeps this from being frozen.
    problems = SplitProblemSerializer(many=True)
    # Handed in with the freezing, it makes sure that nothing else is frozen than what was looked at.
    sha256 = serializers.CharField()


class RungCountSerializer(serializers.Serializer[Any]):
    rung = serializers.ChoiceField(choices=Rung.choices)
    radiographs = serializers.IntegerField()


class DatasetChoicesSerializer(serializers.Serializer[Any]):
    """What the filters can be set to: what the eligible radiographs of today have."""

    sites = serializers.ListField(child=serializers.CharField())
    sexes = serializers.ListField(child=serializers.CharField())
    sides = serializers.ListField(child=serializers.CharField())
    rungs = RungCountSerializer(many=True)
    least_rungs = serializers.ListField(child=serializers.CharField())
    radiographs = serializers.IntegerField()
    hips = serializers.IntegerField()


def split_of(data: dict[str, Any]) -> Split:
    if data["scheme"] == K_FOLD:
        return KFoldSplit(seed=data["seed"], folds=data["folds"], repeats=data["repeats"])
    if data["scheme"] == LEAVE_ONE_SITE_OUT:
        return LeaveOneSiteOut(seed=data["seed"], validation=data["validation"])
    return RatioSplit(
        seed=data["seed"],
        validation=data["validation"],
        test=data["test"],
        test_per_class=data["test_per_class"],
    )


def selection_of(data: dict[str, Any]) -> Selection:
    chosen = data.get("selection") or {}
    lists = {key: tuple(dict.fromkeys(chosen[key])) for key in ("sites", "sexes", "sides") if key in chosen}
    return Selection(**{**chosen, **lists})


def _preview(plan: VersionPlan) -> dict[str, Any]:
    counts = Counter((row["part"], row["label"], row["site"]) for row in plan.rows)
    folds = plan.folds
    proof = plan.proof()
    return {
        "cases": len(plan.rows),
        "patients": proof["patients"],
        "counts": [selectors.PartCount(*key, cases=cases) for key, cases in sorted(counts.items())],
        "folds": selectors.count_folds(folds.scheme, folds.repeats, folds.count, plan.rows) if folds else [],
        "left_out": [{"reason": reason, "radiographs": count} for reason, count in plan.left_out.items()],
        "open_before": plan.open_before,
        "disjointness": proof,
        "remarks": plan.remarks,
        "problems": plan.problems,
        "sha256": plan.sha256,
    }


class PreviewSplitView(APIView):
    @extend_schema(
        operation_id="preview_split",
        request=SplitSerializer,
        responses={200: SplitPreviewSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        study = study_for(actor_of(request), slug, Role.RESEARCHER, Role.COORDINATOR)
        data = SplitSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        plan = plan_version(study, split_of(data.validated_data), selection_of(data.validated_data))
        return Response(SplitPreviewSerializer(_preview(plan)).data)


class DatasetChoicesView(APIView):
    @extend_schema(operation_id="dataset_choices", responses=DatasetChoicesSerializer)
    def get(self, request: Request, slug: str) -> Response:
        study = study_for(actor_of(request), slug, Role.RESEARCHER, Role.COORDINATOR)
        radiographs = selectors.eligible_radiographs(study)
        labels = selectors.current_labels(radiographs)
        hips = [radiograph.hip for radiograph in radiographs if radiograph.hip is not None]
        rungs = Counter(labels[hip.pk].rung for hip in hips)
        body = {
            "sites": sorted({hip.patient.site.code for hip in hips}),
            "sexes": sorted({hip.patient.sex for hip in hips}),
            "sides": sorted({hip.side for hip in hips}),
            "rungs": [{"rung": rung, "radiographs": count} for rung, count in sorted(rungs.items())],
            "least_rungs": list(RUNGS),
            "radiographs": len(radiographs),
            "hips": len({hip.pk for hip in hips}),
        }
        return Response(DatasetChoicesSerializer(body).data)

"""The answer of a read on the wire: quick or full, as a draft or whole."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from annotations.reads.findings import (
    CONCLUSION_CHOICES,
    GRUEN_ZONES,
    MOST_MARKS,
    MOST_POINTS,
    ZONES,
    ImageQuality,
    LucencyWidth,
    MarkKind,
    Sign,
    empty_findings,
)
from annotations.reads.models import Call, Conclusion

# In the schema alone: what a findings object holds is checked in annotations.reads.findings.
_ZONE_CHOICES = [(zone, zone) for zone in ZONES]


class ZoneWidthsSerializer(serializers.Serializer[Any]):
    """Lucency by zone: Gruen G1 to G7 around the stem, DeLee-Charnley D1 to D3 around the cup."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        return {
            zone: serializers.ChoiceField(choices=LucencyWidth.choices, allow_null=True, required=False)
            for zone in ZONES
        }


class CupFindingsSerializer(serializers.Serializer[Any]):
    conclusion = serializers.ChoiceField(choices=CONCLUSION_CHOICES, allow_null=True, default=None)
    migration = serializers.ChoiceField(choices=Sign.choices, allow_null=True, default=None)
    tilt = serializers.ChoiceField(choices=Sign.choices, allow_null=True, default=None)


class StemFindingsSerializer(serializers.Serializer[Any]):
    conclusion = serializers.ChoiceField(choices=CONCLUSION_CHOICES, allow_null=True, default=None)
    subsidence = serializers.ChoiceField(choices=Sign.choices, allow_null=True, default=None)
    tilt = serializers.ChoiceField(choices=Sign.choices, allow_null=True, default=None)


class MarkSerializer(serializers.Serializer[Any]):
    zone = serializers.ChoiceField(choices=_ZONE_CHOICES)
    kind = serializers.ChoiceField(choices=MarkKind.choices)
    # [column, row] in pixels of the full image.
    points = serializers.ListField(
        child=serializers.ListField(child=serializers.FloatField(), min_length=2, max_length=2), max_length=MOST_POINTS
    )


class FindingsSerializer(serializers.Serializer[Any]):
    image_quality = serializers.ChoiceField(choices=ImageQuality.choices, allow_null=True, default=None)
    # The side that the image shows, as the reader sees it: the diagram is mirrored by it.
    side_shown = serializers.ChoiceField(choices=[("R", "R"), ("L", "L")], allow_null=True, default=None)
    zones = ZoneWidthsSerializer(default=dict)
    scalloping = serializers.ListField(
        child=serializers.ChoiceField(choices=[(zone, zone) for zone in GRUEN_ZONES]), default=list
    )
    cup = CupFindingsSerializer(default=dict)
    stem = StemFindingsSerializer(default=dict)
    marks = serializers.ListField(child=MarkSerializer(), max_length=MOST_MARKS, default=list)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        value: dict[str, Any] = super().to_internal_value(data)
        return _whole(value)


def _whole(given: Mapping[str, Any]) -> dict[str, Any]:
    """With every key of the form, so that the same answer is always the same text when it is hashed."""
    whole = empty_findings()
    for name, value in given.items():
        whole[name] = whole[name] | dict(value) if isinstance(whole[name], dict) else value
    whole["zones"] = {zone: width for zone, width in whole["zones"].items() if width is not None}
    whole["scalloping"] = sorted(whole["scalloping"])
    whole["marks"] = [dict(mark) for mark in whole["marks"]]
    return whole


class DraftSerializer(serializers.Serializer[Any]):
    call = serializers.ChoiceField(choices=Call.choices, allow_null=True, default=None)
    confidence = serializers.IntegerField(min_value=0, max_value=100, allow_null=True, default=None)
    comment = serializers.CharField(allow_blank=True, max_length=2000, default="")
    # The full form's; null in the quick form.
    findings = FindingsSerializer(allow_null=True, default=None)
    # Where the reader may go back: "I want to see this case once more before I sign."
    look_again = serializers.BooleanField(required=False)


class AnswerSerializer(serializers.Serializer[Any]):
    """A whole answer: call and confidence in the quick form, findings in the full one."""

    call = serializers.ChoiceField(choices=Call.choices, allow_null=True, default=None)
    confidence = serializers.IntegerField(allow_null=True, default=None)
    comment = serializers.CharField(allow_blank=True, max_length=2000, default="")
    findings = FindingsSerializer(allow_null=True, default=None)


class LockedAnswerSerializer(serializers.Serializer[Any]):
    call = serializers.ChoiceField(choices=Call.choices)
    confidence = serializers.IntegerField(allow_null=True)
    conclusion = serializers.ChoiceField(choices=Conclusion.choices, allow_blank=True)
    comment = serializers.CharField()
    findings = serializers.SerializerMethodField()

    @extend_schema_field(FindingsSerializer(allow_null=True))
    def get_findings(self, row: Any) -> dict[str, Any] | None:
        found = row["findings"] if isinstance(row, Mapping) else row.findings
        return found or None

"""What a viewer needs to know of a picture, and nothing of the patient: the same for coordinators and readers."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from annotations.imaging.models import Radiograph


class ImageSerializer(serializers.Serializer[Any]):
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()
    window_center = serializers.FloatField()
    window_width = serializers.FloatField()
    low = serializers.IntegerField()
    high = serializers.IntegerField()
    inverted = serializers.BooleanField()
    # How the window becomes grey (PS3.3 C.11.2.1).
    function = serializers.ChoiceField(choices=["LINEAR", "LINEAR_EXACT", "SIGMOID"])
    pixel_spacing_row_mm = serializers.FloatField(allow_null=True)
    pixel_spacing_column_mm = serializers.FloatField(allow_null=True)
    spacing_kind = serializers.CharField()


def quarantined_image_facts(fields: dict[str, Any]) -> dict[str, Any]:
    """The same from the fields that an image in quarantine keeps, before there is a radiograph."""
    return {name: fields.get(name, fields["fields"].get(name)) for name in map(str, ImageSerializer().fields)}


def image_facts(radiograph: Radiograph) -> dict[str, Any]:
    kept = radiograph.fields
    return {
        "rows": radiograph.rows,
        "columns": radiograph.columns,
        "window_center": radiograph.window_center,
        "window_width": radiograph.window_width,
        "low": kept.get("low", 0),
        "high": kept.get("high", 65535),
        "inverted": kept.get("inverted", False),
        "function": kept.get("function", "LINEAR"),
        "pixel_spacing_row_mm": radiograph.pixel_spacing_row_mm,
        "pixel_spacing_column_mm": radiograph.pixel_spacing_column_mm,
        "spacing_kind": radiograph.spacing_kind,
    }

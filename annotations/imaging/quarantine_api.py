"""Quarantine for coordinators: what waits and why, the pictures, masking, releasing and refusing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.imaging import quarantine, selectors
from annotations.imaging.models import QuarantinedImage, QuarantineState, RenditionKind
from annotations.imaging.radiographs import media_type
from annotations.imaging.viewing import ImageSerializer, quarantined_image_facts
from common import audit
from common.api import ErrorSerializer


class BoxSerializer(serializers.Serializer[Any]):
    """Pixels of the whole image; bottom and right lie outside the box."""

    top = serializers.IntegerField(min_value=0)
    left = serializers.IntegerField(min_value=0)
    bottom = serializers.IntegerField(min_value=1)
    right = serializers.IntegerField(min_value=1)


class QuarantinedImageSerializer(serializers.ModelSerializer[QuarantinedImage]):
    patient = serializers.CharField(source="hip.patient.pseudonym", allow_null=True, default=None)
    side = serializers.CharField(source="hip.side", allow_null=True, default=None)
    site = serializers.CharField(source="hip.patient.site.code", allow_null=True, default=None)
    reason = serializers.SerializerMethodField()
    proposed_by = serializers.CharField(source="proposed_by.name", allow_null=True, default=None)
    may_release = serializers.SerializerMethodField()

    class Meta:
        model = QuarantinedImage
        fields = (
            "id", "state", "reason", "patient", "side", "site", "link_problem", "quarantined_at", "proposed_by",
            "proposed_at", "may_release",
        )  # fmt: skip

    def get_reason(self, image: QuarantinedImage) -> str:
        return next((file.reason for file in image.intake_files.all()), "")

    def get_may_release(self, image: QuarantinedImage) -> bool:
        return image.state == QuarantineState.PROPOSED and image.proposed_by_id != self.context["actor"].pk


class QuarantinedImageDetailSerializer(QuarantinedImageSerializer):
    image = serializers.SerializerMethodField()
    masked_image = serializers.SerializerMethodField()
    boxes = serializers.SerializerMethodField()
    rectangles = serializers.SerializerMethodField()
    remaining_boxes = serializers.SerializerMethodField()
    proposal = serializers.CharField()

    class Meta(QuarantinedImageSerializer.Meta):
        fields = (
            *QuarantinedImageSerializer.Meta.fields, "image", "masked_image", "boxes", "rectangles",
            "remaining_boxes", "proposal",
        )  # type: ignore[assignment]  # fmt: skip

    @extend_schema_field(ImageSerializer)
    def get_image(self, image: QuarantinedImage) -> dict[str, Any]:
        return quarantined_image_facts(image.found["fields"])

    @extend_schema_field(ImageSerializer(allow_null=True))
    def get_masked_image(self, image: QuarantinedImage) -> dict[str, Any] | None:
        return quarantined_image_facts(image.masked["fields"]) if image.masked else None

    @extend_schema_field(BoxSerializer(many=True))
    def get_boxes(self, image: QuarantinedImage) -> list[dict[str, int]]:
        return _boxes(image.boxes)

    @extend_schema_field(BoxSerializer(many=True))
    def get_rectangles(self, image: QuarantinedImage) -> list[dict[str, int]]:
        return _boxes(image.rectangles)

    @extend_schema_field(BoxSerializer(many=True))
    def get_remaining_boxes(self, image: QuarantinedImage) -> list[dict[str, int]]:
        return _boxes(image.remaining_boxes)


def _boxes(stored: list[list[int]]) -> list[dict[str, int]]:
    return [{"top": top, "left": left, "bottom": bottom, "right": right} for top, left, bottom, right in stored]


class MaskSerializer(serializers.Serializer[Any]):
    rectangles = BoxSerializer(many=True)


class ReleaseSerializer(serializers.Serializer[Any]):
    proposal = serializers.CharField(max_length=64)


class RefuseSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=500)


class ReleasedSerializer(serializers.Serializer[Any]):
    radiograph = serializers.IntegerField()


class QuarantineView(APIView):
    @extend_schema(operation_id="quarantine", responses=QuarantinedImageSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        images = selectors.quarantine_of(actor, slug)
        return Response(QuarantinedImageSerializer(images, many=True, context={"actor": actor}).data)


def _detail(request: Request, image: QuarantinedImage) -> Response:
    return Response(QuarantinedImageDetailSerializer(image, context={"actor": actor_of(request)}).data)


class QuarantinedImageView(APIView):
    @extend_schema(operation_id="quarantined_image", responses=QuarantinedImageDetailSerializer)
    def get(self, request: Request, slug: str, image_id: int) -> Response:
        return _detail(request, selectors.quarantined_image_for(actor_of(request), slug, image_id))


class ProposeView(APIView):
    @extend_schema(
        operation_id="propose_mask",
        request=MaskSerializer,
        responses={200: QuarantinedImageDetailSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, image_id: int) -> Response:
        actor = actor_of(request)
        image = selectors.quarantined_image_for(actor, slug, image_id)
        data = MaskSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        rectangles = [(r["top"], r["left"], r["bottom"], r["right"]) for r in data.validated_data["rectangles"]]
        return _detail(request, quarantine.mask_and_propose(image=image, rectangles=rectangles, actor=actor))


class ReleaseView(APIView):
    @extend_schema(
        operation_id="release_image",
        request=ReleaseSerializer,
        responses={200: ReleasedSerializer, 403: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, image_id: int) -> Response:
        actor = actor_of(request)
        image = selectors.quarantined_image_for(actor, slug, image_id)
        data = ReleaseSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        released = quarantine.release_file(image=image, proposal=data.validated_data["proposal"], actor=actor)
        return Response({"radiograph": released.radiograph_id})


class RefuseView(APIView):
    @extend_schema(
        operation_id="refuse_image",
        request=RefuseSerializer,
        responses={204: None, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, image_id: int) -> Response:
        actor = actor_of(request)
        image = selectors.quarantined_image_for(actor, slug, image_id)
        data = RefuseSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        quarantine.refuse_file(image=image, reason=data.validated_data["reason"], actor=actor)
        return Response(status=204)


class QuarantinedPictureView(APIView):
    @extend_schema(operation_id="quarantined_picture", responses={(200, "image/*"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, image_id: int, which: str, kind: str) -> HttpResponse:
        actor = actor_of(request)
        image = selectors.quarantined_image_for(actor, slug, image_id)
        data = selectors.quarantined_rendition(image, which, kind)
        audit.record(
            actor=actor, action="quarantine_viewed", subject=f"quarantined_image:{image.pk}", study_slug=slug,
            payload={"picture": which, "kind": kind},
        )  # fmt: skip
        response = HttpResponse(data, content_type=media_type(RenditionKind(kind)))
        # It may name a patient: no browser keeps it.
        response["Cache-Control"] = "no-store"
        return response

"""Pictures in folders by class, from the page: the class comes with the files of one request."""

from __future__ import annotations

import hashlib
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.imaging.models import IntakeFile
from annotations.imaging.receiving import Upload, create_batch
from annotations.imaging.selectors import batch_for
from annotations.labels.folder_import import receive_labelled_picture, supplied_label
from annotations.labels.models import LabelValue
from common.api import ErrorSerializer
from studies.models import Role
from studies.selectors import study_for

_CHUNK = 1 << 20
_VALUES = (LabelValue.LOOSE, LabelValue.WELL_FIXED)


class LabelledPicturesSerializer(serializers.Serializer[Any]):
    files = serializers.ListField(child=serializers.FileField(), allow_empty=False)
    value = serializers.ChoiceField(choices=[value.value for value in _VALUES])
    batch = serializers.IntegerField(required=False, help_text="The upload that they belong to; else they begin one.")


class LabelledPicturesReceivedSerializer(serializers.Serializer[Any]):
    batch = serializers.IntegerField()
    received = serializers.IntegerField()
    known = serializers.IntegerField(help_text="These bytes came before with the same class.")
    in_both_classes = serializers.IntegerField(help_text="These bytes came before with the other class; left out.")


class LabelledPicturesView(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(
        operation_id="supply_labelled_pictures",
        request={"multipart/form-data": LabelledPicturesSerializer},
        responses={201: LabelledPicturesReceivedSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Pictures of one class; their labels are as supplied, not confirmed."""
        actor = actor_of(request)
        study = study_for(actor, slug, Role.COORDINATOR)
        given = {name: request.POST[name] for name in ("value", "batch") if name in request.POST}
        data = LabelledPicturesSerializer(data=given | {"files": request.FILES.getlist("files")})
        data.is_valid(raise_exception=True)
        value, batch_id = data.validated_data["value"], data.validated_data.get("batch")
        batch = batch_for(actor, slug, batch_id) if batch_id is not None else create_batch(study=study, actor=actor)
        counts = {"received": 0, "known": 0, "in_both_classes": 0}
        for file in data.validated_data["files"]:
            digest = _sha256(file)
            label = supplied_label(study, digest)
            if label is None:
                receive_labelled_picture(
                    batch=batch, upload=Upload(file.name, file), value=value, sha256=digest, wake_worker=True
                )
                counts["received"] += 1
            else:
                counts["known" if label.value == value else "in_both_classes"] += 1
        body = LabelledPicturesReceivedSerializer(counts | {"batch": batch.pk}).data
        if not IntakeFile.objects.filter(batch=batch).exists():
            batch.delete()
        return Response(body, status=status.HTTP_201_CREATED)


def _sha256(file: Any) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks(_CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()

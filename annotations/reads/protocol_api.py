"""Reading protocols for those who run the study: drafts, the freeze, amendments, progress; never an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from accounts.models import Person
from annotations.datasets.models import DatasetVersion, Part
from annotations.reads import selectors, services
from annotations.reads.models import (
    AnalysedVersion,
    Feedback,
    Form,
    Navigation,
    ProtocolStatus,
    ReadProtocol,
    SessionState,
)
from annotations.reads.protocol_settings import SETTINGS
from common.api import ErrorSerializer
from common.errors import Invalid
from studies.models import Role, Study
from studies.selectors import study_for

_REFUSALS = {400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}


class ReaderProgressSerializer(serializers.Serializer[Any]):
    session = serializers.IntegerField(allow_null=True)
    reader_id = serializers.IntegerField()
    reader = serializers.CharField()
    is_simulated = serializers.BooleanField()
    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=[*SessionState.choices, ("to_come", "to come")])
    done = serializers.IntegerField()
    total = serializers.IntegerField()
    practice_done = serializers.IntegerField()
    practice_total = serializers.IntegerField()
    signed_at = serializers.DateTimeField(allow_null=True)
    available_from = serializers.DateTimeField(allow_null=True)
    seed = serializers.IntegerField(allow_null=True)


class AmendmentSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField()
    changes = serializers.DictField()
    reason = serializers.CharField()
    name = serializers.CharField()
    meaning = serializers.CharField()
    signed_at = serializers.DateTimeField()
    sha256 = serializers.CharField()


class AssignedReaderSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    since_version = serializers.IntegerField()
    reminded_at = serializers.DateTimeField(allow_null=True)


class ProtocolSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    title = serializers.CharField()
    instructions = serializers.CharField()
    dataset_version = serializers.IntegerField()
    part = serializers.ChoiceField(choices=Part.choices)
    practice_version = serializers.IntegerField(allow_null=True)
    form = serializers.ChoiceField(choices=Form.choices)
    navigation = serializers.ChoiceField(choices=Navigation.choices)
    feedback = serializers.ChoiceField(choices=Feedback.choices)
    sessions_per_reader = serializers.IntegerField()
    washout_days = serializers.IntegerField()
    repeated_percent = serializers.IntegerField()
    batch_size = serializers.IntegerField()
    cannot_assess_counts_wrong = serializers.BooleanField()
    analysed_version = serializers.ChoiceField(choices=AnalysedVersion.choices)
    consensus_wanted = serializers.BooleanField()
    version = serializers.IntegerField()
    status = serializers.ChoiceField(choices=ProtocolStatus.choices)
    frozen_at = serializers.DateTimeField(allow_null=True)
    frozen_by = serializers.CharField(allow_null=True)
    copied_from = serializers.CharField(allow_null=True)
    assigned = AssignedReaderSerializer(many=True)
    readers = ReaderProgressSerializer(many=True)
    amendments = AmendmentSerializer(many=True)
    unblinded_at = serializers.DateTimeField(allow_null=True)
    unblinded_by = serializers.CharField(allow_null=True)
    unblinding_reason = serializers.CharField()
    absences_explained = serializers.CharField()
    sessions_sha256 = serializers.CharField()


class SettingsSerializer(serializers.Serializer[Any]):
    """What a protocol settles. Versions are named by their number in the study."""

    title = serializers.CharField(max_length=200)
    instructions = serializers.CharField(max_length=20_000, allow_blank=True, required=False)
    dataset_version = serializers.IntegerField()
    part = serializers.ChoiceField(choices=Part.choices)
    practice_version = serializers.IntegerField(allow_null=True, required=False)
    form = serializers.ChoiceField(choices=Form.choices, required=False)
    navigation = serializers.ChoiceField(choices=Navigation.choices, required=False)
    feedback = serializers.ChoiceField(choices=Feedback.choices, required=False)
    sessions_per_reader = serializers.IntegerField(required=False)
    washout_days = serializers.IntegerField(required=False)
    repeated_percent = serializers.IntegerField(required=False)
    batch_size = serializers.IntegerField(required=False)
    cannot_assess_counts_wrong = serializers.BooleanField(required=False)
    analysed_version = serializers.ChoiceField(choices=AnalysedVersion.choices, required=False)
    consensus_wanted = serializers.BooleanField(required=False)
    readers = serializers.ListField(child=serializers.IntegerField(), default=list, max_length=200)


class AmendProtocolSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200, required=False)
    instructions = serializers.CharField(max_length=20_000, allow_blank=True, required=False)
    feedback = serializers.ChoiceField(choices=Feedback.choices, required=False)
    sessions_per_reader = serializers.IntegerField(required=False)
    washout_days = serializers.IntegerField(required=False)
    batch_size = serializers.IntegerField(required=False)
    cannot_assess_counts_wrong = serializers.BooleanField(required=False)
    analysed_version = serializers.ChoiceField(choices=AnalysedVersion.choices, required=False)
    consensus_wanted = serializers.BooleanField(required=False)
    new_readers = serializers.ListField(child=serializers.IntegerField(), default=list, max_length=200)
    reason = serializers.CharField(max_length=2000)
    password = serializers.CharField(trim_whitespace=False)


class CopyProtocolSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)


class UnblindSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=1000)
    absences_explained = serializers.CharField(max_length=2000, allow_blank=True, default="")
    password = serializers.CharField(trim_whitespace=False)


class PreviewedReaderSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    reads = serializers.IntegerField()
    recused = serializers.IntegerField()
    refusal = serializers.ChoiceField(choices=["not_a_surgeon", "other_roles", "all_recused"], allow_blank=True)


class PreviewSerializer(serializers.Serializer[Any]):
    cases = serializers.IntegerField()
    practice = serializers.IntegerField()
    repeats = serializers.IntegerField()
    batches = serializers.IntegerField()
    reads_in_all = serializers.IntegerField()
    patients_with_both_hips = serializers.IntegerField()
    fewest_places_between = serializers.IntegerField(allow_null=True)
    readers = PreviewedReaderSerializer(many=True)


def protocol_body(protocol: ReadProtocol) -> dict[str, Any]:
    unblinding = getattr(protocol, "unblinding", None)
    body = {name: getattr(protocol, name) for name in (*SETTINGS, "id", "version", "status", "frozen_at")}
    return body | {
        "dataset_version": protocol.dataset_version.number,
        "practice_version": protocol.practice_version.number if protocol.practice_version else None,
        "frozen_by": protocol.frozen_by.name if protocol.frozen_by else None,
        "copied_from": protocol.copied_from.title if protocol.copied_from else None,
        "assigned": [
            {"id": entry.reader_id, "name": entry.reader.name, "email": entry.reader.email,
             "since_version": entry.since_version, "reminded_at": entry.reminded_at}
            for entry in selectors.assignments_of(protocol)
        ],
        "readers": selectors.reader_progress(protocol) if protocol.status != ProtocolStatus.DRAFT else [],
        "amendments": sorted(protocol.amendments.all(), key=lambda amendment: amendment.version),
        "unblinded_at": unblinding.at if unblinding else None,
        "unblinded_by": unblinding.by.name if unblinding and unblinding.by else None,
        "unblinding_reason": unblinding.reason if unblinding else "",
        "absences_explained": unblinding.absences_explained if unblinding else "",
        "sessions_sha256": unblinding.sessions_sha256 if unblinding else "",
    }  # fmt: skip


def _answer(actor: Person, slug: str, protocol_id: int) -> Response:
    return Response(ProtocolSerializer(protocol_body(selectors.protocol_for(actor, slug, protocol_id))).data)


def _settings(study: Study, values: Mapping[str, Any]) -> dict[str, Any]:
    """With dataset versions in the place of their numbers."""
    settings = {name: value for name, value in values.items() if name in SETTINGS}
    for name in ("dataset_version", "practice_version"):
        if settings.get(name) is not None:
            version = DatasetVersion.objects.filter(study=study, number=settings[name]).first()
            if version is None:
                message = f"there is no version {settings[name]}"
                raise Invalid("There is no such dataset version.", details=[{"field": name, "message": message}])
            settings[name] = version
    return settings


def people_of(study: Study, ids: Sequence[int], field: str = "readers") -> list[Person]:
    """Members of the study; somebody else does not exist here."""
    found = list(Person.objects.filter(pk__in=ids, memberships__study=study).distinct().order_by("pk"))
    if len(found) != len(set(ids)):
        raise Invalid("Not all of these people are in the study.", details=[{"field": field, "message": "unknown"}])
    return found


class ProtocolsView(APIView):
    @extend_schema(operation_id="read_protocols", responses=ProtocolSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        protocols = selectors.protocols_of(actor_of(request), slug)
        return Response(ProtocolSerializer([protocol_body(protocol) for protocol in protocols], many=True).data)

    @extend_schema(
        operation_id="create_protocol", request=SettingsSerializer, responses={201: ProtocolSerializer, **_REFUSALS}
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.ADMINISTRATOR)
        data = SettingsSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        named = {"practice_version": None, "instructions": ""} | _settings(study, data.validated_data)
        required = {name: named.pop(name) for name in
                    ("title", "dataset_version", "part", "practice_version", "instructions")}  # fmt: skip
        protocol = services.create_protocol(
            study=study,
            actor=actor,
            readers=people_of(study, data.validated_data["readers"]),
            settings=named,
            **required,
        )
        answer = _answer(actor, slug, protocol.pk)
        answer.status_code = 201
        return answer


class PreviewProtocolView(APIView):
    @extend_schema(
        operation_id="preview_protocol", request=SettingsSerializer, responses={200: PreviewSerializer, **_REFUSALS}
    )
    def post(self, request: Request, slug: str) -> Response:
        study = study_for(actor_of(request), slug, Role.ADMINISTRATOR)
        data = SettingsSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        readers = people_of(study, data.validated_data["readers"])
        preview = selectors.preview_protocol(study, _settings(study, data.validated_data), readers)
        return Response(PreviewSerializer(preview).data)


class ProtocolView(APIView):
    @extend_schema(operation_id="read_protocol", responses={200: ProtocolSerializer, 404: ErrorSerializer})
    def get(self, request: Request, slug: str, protocol_id: int) -> Response:
        return _answer(actor_of(request), slug, protocol_id)

    @extend_schema(
        operation_id="change_protocol", request=SettingsSerializer, responses={200: ProtocolSerializer, **_REFUSALS}
    )
    def put(self, request: Request, slug: str, protocol_id: int) -> Response:
        actor = actor_of(request)
        protocol = selectors.protocol_for(actor, slug, protocol_id, Role.ADMINISTRATOR)
        data = SettingsSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        readers = people_of(protocol.study, data.validated_data["readers"])
        changes = _settings(protocol.study, data.validated_data)
        services.change_protocol(protocol=protocol, changes=changes, readers=readers, actor=actor)
        return _answer(actor, slug, protocol_id)


class FreezeProtocolView(APIView):
    @extend_schema(operation_id="freeze_protocol", request=None, responses={200: ProtocolSerializer, **_REFUSALS})
    def post(self, request: Request, slug: str, protocol_id: int) -> Response:
        actor = actor_of(request)
        protocol = selectors.protocol_for(actor, slug, protocol_id, Role.ADMINISTRATOR)
        services.freeze_protocol(protocol=protocol, actor=actor)
        return _answer(actor, slug, protocol_id)


class AmendProtocolView(APIView):
    @extend_schema(
        operation_id="amend_protocol",
        request=AmendProtocolSerializer,
        responses={200: ProtocolSerializer, **_REFUSALS},
    )
    def post(self, request: Request, slug: str, protocol_id: int) -> Response:
        actor = actor_of(request)
        protocol = selectors.protocol_for(actor, slug, protocol_id, Role.ADMINISTRATOR)
        data = AmendProtocolSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        services.amend_protocol(
            protocol=protocol, changes=_settings(protocol.study, values), reason=values["reason"], signer=actor,
            new_readers=people_of(protocol.study, values["new_readers"], "new_readers"), password=values["password"],
        )  # fmt: skip
        return _answer(actor, slug, protocol_id)


class CopyProtocolView(APIView):
    @extend_schema(
        operation_id="copy_protocol",
        request=CopyProtocolSerializer,
        responses={201: ProtocolSerializer, **_REFUSALS},
    )
    def post(self, request: Request, slug: str, protocol_id: int) -> Response:
        actor = actor_of(request)
        protocol = selectors.protocol_for(actor, slug, protocol_id, Role.ADMINISTRATOR)
        data = CopyProtocolSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        copy = services.copy_protocol(protocol=protocol, title=data.validated_data["title"], actor=actor)
        answer = _answer(actor, slug, copy.pk)
        answer.status_code = 201
        return answer


class UnblindView(APIView):
    @extend_schema(
        operation_id="unblind_protocol",
        request=UnblindSerializer,
        responses={200: ProtocolSerializer, 400: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str, protocol_id: int) -> Response:
        actor = actor_of(request)
        protocol = selectors.protocol_for(actor, slug, protocol_id, Role.ADMINISTRATOR)
        data = UnblindSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        services.confirm_identity(person=actor, password=values.pop("password"))
        services.unblind_protocol(protocol=protocol, actor=actor, **values)
        return _answer(actor, slug, protocol_id)

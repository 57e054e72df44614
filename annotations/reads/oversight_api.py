"""For administrators: who has not read what, times, deviations, reminders, exports; no answer before unblinding."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from accounts.models import Person
from annotations.datasets.models import DatasetVersion
from annotations.reads import selectors, services
from annotations.reads.audit_pdf import audit_pdf
from annotations.reads.exports import export_protocol, times_csv
from annotations.reads.models import (
    Consequence,
    DeviationKind,
    Learnt,
    ProtocolReader,
    ReadProtocol,
    ReadSession,
)
from annotations.reads.reminders import remind_readers
from common.api import ErrorSerializer
from common.errors import NotFound
from studies.models import Membership, Role, Study
from studies.selectors import study_for

_REFUSALS = {400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}


class ReadableVersionSerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    name = serializers.CharField()
    is_practice = serializers.BooleanField()
    parts = serializers.DictField(child=serializers.IntegerField())


class ReadingSurgeonSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    email = serializers.CharField()
    is_simulated = serializers.BooleanField()
    other_roles = serializers.ListField(child=serializers.CharField())


class ProtocolChoicesSerializer(serializers.Serializer[Any]):
    versions = ReadableVersionSerializer(many=True)
    surgeons = ReadingSurgeonSerializer(many=True)


class CoverageSerializer(serializers.Serializer[Any]):
    reader = serializers.CharField()
    number = serializers.IntegerField()
    cases = serializers.IntegerField()
    planned = serializers.IntegerField()
    read = serializers.IntegerField()
    recused = serializers.IntegerField()
    not_read = serializers.ListField(child=serializers.IntegerField())


class CaseTimeSerializer(serializers.Serializer[Any]):
    reader = serializers.CharField()
    session = serializers.IntegerField()
    position = serializers.IntegerField()
    case = serializers.IntegerField()
    is_practice = serializers.BooleanField()
    is_repeat = serializers.BooleanField()
    state = serializers.CharField()
    opened_at = serializers.DateTimeField(allow_null=True)
    first_interaction_at = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    seconds_to_first_interaction = serializers.FloatField(allow_null=True)
    seconds_to_submit = serializers.FloatField(allow_null=True)
    focus_seconds = serializers.FloatField()


class ListedDeviationSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField()
    at = serializers.DateTimeField()
    reader = serializers.CharField()
    session = serializers.IntegerField(allow_null=True)
    detail = serializers.CharField()
    recorded_by = serializers.CharField()


class RecordDeviationSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[DeviationKind.READER_ABSENT, DeviationKind.OTHER])
    reason = serializers.CharField(max_length=2000)
    reader = serializers.IntegerField(allow_null=True, default=None)
    session_number = serializers.IntegerField(min_value=1, allow_null=True, default=None)


class ShortenWashoutSerializer(serializers.Serializer[Any]):
    reader = serializers.IntegerField()
    days = serializers.IntegerField()
    reason = serializers.CharField(max_length=2000)


class ReportForReaderSerializer(serializers.Serializer[Any]):
    session = serializers.IntegerField()
    learnt = serializers.ChoiceField(choices=Learnt.choices)
    what_happened = serializers.CharField(max_length=2000)
    happened_at = serializers.DateTimeField(allow_null=True, default=None)
    positions = serializers.ListField(child=serializers.IntegerField(min_value=1), default=list, max_length=2000)
    consequence = serializers.ChoiceField(choices=Consequence.choices, default=Consequence.UNDECIDED)


class RemindSerializer(serializers.Serializer[Any]):
    readers = serializers.ListField(child=serializers.IntegerField(), default=list, max_length=200)


class RemindedSerializer(serializers.Serializer[Any]):
    reminded = serializers.ListField(child=serializers.CharField())


def _protocol(request: Request, slug: str, protocol_id: int) -> ReadProtocol:
    return selectors.protocol_for(actor_of(request), slug, protocol_id, Role.ADMINISTRATOR)


def _reader(protocol: ReadProtocol, person_id: int) -> Person:
    entry = ProtocolReader.objects.filter(protocol=protocol, reader=person_id).select_related("reader").first()
    if entry is None:
        raise NotFound("Nobody of this protocol is meant.")
    return entry.reader


def _session(protocol: ReadProtocol, session_id: int) -> ReadSession:
    sessions = ReadSession.objects.filter(protocol=protocol, pk=session_id)
    session = sessions.select_related("protocol__study", "reader", "signature").first()
    if session is None:
        raise NotFound("There is no such session.")
    return session


def _attachment(data: bytes | str, media_type: str, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


class ProtocolChoicesView(APIView):
    """What a protocol can be made of: frozen versions with the sizes of their parts, and the study's surgeons."""

    @extend_schema(operation_id="protocol_choices", responses=ProtocolChoicesSerializer)
    def get(self, request: Request, slug: str) -> Response:
        study = study_for(actor_of(request), slug, Role.ADMINISTRATOR)
        return Response(ProtocolChoicesSerializer({"versions": _versions(study), "surgeons": _surgeons(study)}).data)


def _versions(study: Study) -> list[dict[str, Any]]:
    versions = DatasetVersion.objects.filter(study=study).defer("manifest", "disjointness").order_by("-number")
    return [
        {
            "number": version.number,
            "name": version.name,
            "is_practice": version.is_practice,
            "parts": selectors.part_sizes(version),
        }
        for version in versions
    ]


def _surgeons(study: Study) -> list[dict[str, Any]]:
    roles: dict[Person, set[str]] = {}
    for member in Membership.objects.filter(study=study).select_related("person").order_by("person__name"):
        roles.setdefault(member.person, set()).add(member.role)
    return [
        {
            "id": person.pk,
            "name": person.name,
            "email": person.email,
            "is_simulated": person.is_simulated,
            "other_roles": sorted(held - {Role.SURGEON}),
        }
        for person, held in roles.items()
        if Role.SURGEON in held
    ]


class CoverageView(APIView):
    @extend_schema(operation_id="protocol_coverage", responses=CoverageSerializer(many=True))
    def get(self, request: Request, slug: str, protocol_id: int) -> Response:
        rows = selectors.coverage_of(_protocol(request, slug, protocol_id))
        return Response(CoverageSerializer(rows, many=True).data)


class TimesView(APIView):
    @extend_schema(operation_id="protocol_times", responses=CaseTimeSerializer(many=True))
    def get(self, request: Request, slug: str, protocol_id: int) -> Response:
        return Response(CaseTimeSerializer(selectors.times_of(_protocol(request, slug, protocol_id)), many=True).data)


class TimesCsvView(APIView):
    @extend_schema(operation_id="protocol_times_csv", responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, slug: str, protocol_id: int) -> HttpResponse:
        data = times_csv(_protocol(request, slug, protocol_id))
        return _attachment(data, "text/csv; charset=utf-8", f"times-of-protocol-{protocol_id}.csv")


class DeviationsView(APIView):
    @extend_schema(operation_id="protocol_deviations", responses=ListedDeviationSerializer(many=True))
    def get(self, request: Request, slug: str, protocol_id: int) -> Response:
        rows = selectors.deviations_of(_protocol(request, slug, protocol_id))
        return Response(ListedDeviationSerializer(rows, many=True).data)

    @extend_schema(
        operation_id="record_deviation",
        request=RecordDeviationSerializer,
        responses={200: ListedDeviationSerializer(many=True), **_REFUSALS},
    )
    def post(self, request: Request, slug: str, protocol_id: int) -> Response:
        protocol = _protocol(request, slug, protocol_id)
        data = RecordDeviationSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        reader = values.pop("reader")
        services.record_deviation(
            protocol=protocol, actor=actor_of(request), reader=None if reader is None else _reader(protocol, reader),
            **values,
        )  # fmt: skip
        return Response(ListedDeviationSerializer(selectors.deviations_of(protocol), many=True).data)


class ShortenWashoutView(APIView):
    @extend_schema(
        operation_id="shorten_washout",
        request=ShortenWashoutSerializer,
        responses={200: ListedDeviationSerializer(many=True), **_REFUSALS},
    )
    def post(self, request: Request, slug: str, protocol_id: int) -> Response:
        protocol = _protocol(request, slug, protocol_id)
        data = ShortenWashoutSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = data.validated_data
        services.allow_earlier_session(
            protocol=protocol, reader=_reader(protocol, values["reader"]), days=values["days"],
            reason=values["reason"], actor=actor_of(request),
        )  # fmt: skip
        return Response(ListedDeviationSerializer(selectors.deviations_of(protocol), many=True).data)


class ReportForReaderView(APIView):
    """An administrator reports that a reader learnt something too early."""

    @extend_schema(
        operation_id="report_unblinding_of_reader",
        request=ReportForReaderSerializer,
        responses={200: ListedDeviationSerializer(many=True), **_REFUSALS},
    )
    def post(self, request: Request, slug: str, protocol_id: int) -> Response:
        protocol = _protocol(request, slug, protocol_id)
        data = ReportForReaderSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        values = dict(data.validated_data)
        session = _session(protocol, values.pop("session"))
        services.report_unblinding(session=session, reporter=actor_of(request), **values)
        return Response(ListedDeviationSerializer(selectors.deviations_of(protocol), many=True).data)


class RemindView(APIView):
    @extend_schema(
        operation_id="remind_readers", request=RemindSerializer, responses={200: RemindedSerializer, **_REFUSALS}
    )
    def post(self, request: Request, slug: str, protocol_id: int) -> Response:
        protocol = _protocol(request, slug, protocol_id)
        data = RemindSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        address = request.build_absolute_uri(f"/studies/{slug}/reading")
        told = remind_readers(
            protocol=protocol, readers=data.validated_data["readers"], address=address, actor=actor_of(request)
        )
        return Response(RemindedSerializer({"reminded": [entry.reader.name for entry in told]}).data)


class ExportProtocolView(APIView):
    @extend_schema(operation_id="export_protocol", responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, protocol_id: int) -> HttpResponse:
        protocol = _protocol(request, slug, protocol_id)
        return _attachment(export_protocol(protocol), "application/zip", f"protocol-{protocol_id}.zip")


class SessionAuditView(APIView):
    @extend_schema(operation_id="session_audit_pdf", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, slug: str, protocol_id: int, session_id: int) -> HttpResponse:
        session = _session(_protocol(request, slug, protocol_id), session_id)
        return _attachment(audit_pdf(session), "application/pdf", f"audit-of-session-{session_id}.pdf")

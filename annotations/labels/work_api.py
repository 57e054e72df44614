"""Who reads which note: claiming the next one, assigning many evenly, taking them back; and how well people agree."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from accounts.models import Person
from annotations.labels import agreement, places, selectors
from annotations.labels.note_serializers import NotesSerializer
from common.api import ErrorSerializer
from common.errors import NotFound
from studies.models import Role


class ClaimSerializer(serializers.Serializer[Any]):
    # A note to pass over for now: it stays this person's if it is.
    passing_over = serializers.IntegerField(allow_null=True, default=None)


class ClaimedNoteSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(allow_null=True)


class AssignNotesSerializer(serializers.Serializer[Any]):
    abstractors = serializers.ListField(child=serializers.IntegerField(), min_length=1, max_length=50)


class WithdrawNotesSerializer(serializers.Serializer[Any]):
    abstractor = serializers.IntegerField()


class AgreementSerializer(serializers.Serializer[Any]):
    """Two sources on the same notes about one item, with 95 % intervals; a figure that is null is undefined."""

    item = serializers.ChoiceField(choices=["cup", "stem", "infection", "diagnoses_agree"])
    notes = serializers.IntegerField()
    agree = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    share_low = serializers.FloatField(allow_null=True)
    share_high = serializers.FloatField(allow_null=True)
    kappa = serializers.FloatField(allow_null=True)
    kappa_low = serializers.FloatField(allow_null=True)
    kappa_high = serializers.FloatField(allow_null=True)
    undefined = serializers.CharField()
    categories = serializers.ListField(child=serializers.CharField())
    table = serializers.ListField(child=serializers.ListField(child=serializers.IntegerField()))


class AgreementReportSerializer(serializers.Serializer[Any]):
    between_abstractors = AgreementSerializer(many=True)
    # What the rules make of a note (rows) and what people settled on (columns).
    with_suggestions = AgreementSerializer(many=True)
    rules_version = serializers.CharField()


class ClaimNoteView(APIView):
    @extend_schema(
        operation_id="claim_note",
        request=ClaimSerializer,
        responses={200: ClaimedNoteSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        cohort = selectors.cohort_for_notes(actor, slug, Role.ABSTRACTOR)
        data = ClaimSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        note = places.claim_next_note(cohort=cohort, abstractor=actor, **data.validated_data)
        return Response(ClaimedNoteSerializer({"id": note.pk if note else None}).data)


class AssignNotesView(APIView):
    @extend_schema(
        operation_id="assign_notes",
        request=AssignNotesSerializer,
        responses={200: NotesSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        cohort = selectors.cohort_for_notes(actor, slug, Role.COORDINATOR)
        data = AssignNotesSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        abstractors = [_person(one) for one in dict.fromkeys(data.validated_data["abstractors"])]
        places.assign_notes(cohort=cohort, abstractors=abstractors, actor=actor)
        return Response(NotesSerializer(selectors.notes_overview(actor, slug)).data)


class WithdrawNotesView(APIView):
    @extend_schema(
        operation_id="withdraw_notes",
        request=WithdrawNotesSerializer,
        responses={200: NotesSerializer, 400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        cohort = selectors.cohort_for_notes(actor, slug, Role.COORDINATOR)
        data = WithdrawNotesSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        places.withdraw_assignments(cohort=cohort, abstractor=_person(data.validated_data["abstractor"]), actor=actor)
        return Response(NotesSerializer(selectors.notes_overview(actor, slug)).data)


class NoteAgreementView(APIView):
    @extend_schema(operation_id="note_agreement", responses={200: AgreementReportSerializer, 404: ErrorSerializer})
    def get(self, request: Request, slug: str) -> Response:
        return Response(AgreementReportSerializer(agreement.agreement_report(actor_of(request), slug)).data)


def _person(person_id: int) -> Person:
    person = Person.objects.filter(pk=person_id).first()
    if person is None:
        raise NotFound("There is no such person.", code="no_such_person")
    return person

"""The registry's imports on the page: upload, what a check found, the decision, refused rows, templates, surgeons."""

from __future__ import annotations

from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.pagination import LimitOffsetPagination
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import actor_of
from annotations.cohorts import surgeons
from annotations.cohorts.registry import selectors, services
from annotations.cohorts.registry.kinds import KINDS
from annotations.cohorts.registry.serializers import (
    CheckRegistrySerializer,
    FileKindSerializer,
    LinkSurgeonSerializer,
    PersonToLinkSerializer,
    RefusedRowPageSerializer,
    RegistryImportDetailSerializer,
    RegistryImportSerializer,
    SurgeonSerializer,
    UploadRegistrySerializer,
)
from annotations.cohorts.registry.templates import template_of
from common.api import ErrorSerializer
from studies.models import Role
from studies.selectors import study_for

_LISTED = 50
_REFUSALS = {400: ErrorSerializer, 404: ErrorSerializer, 409: ErrorSerializer}


class RegistryImportsView(APIView):
    parser_classes = (MultiPartParser,)

    @extend_schema(operation_id="registry_imports", responses=RegistryImportSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        imports = selectors.registry_imports(actor_of(request), slug)[:_LISTED]
        return Response(RegistryImportSerializer(imports, many=True).data)

    @extend_schema(
        operation_id="upload_registry",
        request={"multipart/form-data": UploadRegistrySerializer},
        responses={201: RegistryImportDetailSerializer, 400: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.COORDINATOR)
        data = UploadRegistrySerializer(data={"files": request.FILES.getlist("files")})
        data.is_valid(raise_exception=True)
        uploads = [services.Upload(file.name, file.size, file.chunks()) for file in data.validated_data["files"]]
        record = services.receive_registry_files(study=study, uploads=uploads, actor=actor)
        return Response(_detail(request, slug, record.pk), status=status.HTTP_201_CREATED)


def _detail(request: Request, slug: str, import_id: int) -> object:
    record = selectors.registry_import_for(actor_of(request), slug, import_id)
    return RegistryImportDetailSerializer(record).data


class RegistryImportView(APIView):
    @extend_schema(
        operation_id="registry_import", responses={200: RegistryImportDetailSerializer, 404: ErrorSerializer}
    )
    def get(self, request: Request, slug: str, import_id: int) -> Response:
        return Response(_detail(request, slug, import_id))


class CheckRegistryImportView(APIView):
    @extend_schema(
        operation_id="check_registry_import",
        request=CheckRegistrySerializer,
        responses={200: RegistryImportDetailSerializer, **_REFUSALS},
    )
    def post(self, request: Request, slug: str, import_id: int) -> Response:
        record = selectors.registry_import_for(actor_of(request), slug, import_id)
        data = CheckRegistrySerializer(data=request.data)
        data.is_valid(raise_exception=True)
        chosen = [services.ChosenColumns(**file) for file in data.validated_data.get("files", [])]
        services.check_registry_import(record=record, chosen=chosen, actor=actor_of(request))
        return Response(_detail(request, slug, import_id))


class ApplyRegistryImportView(APIView):
    @extend_schema(
        operation_id="apply_registry_import",
        request=None,
        responses={200: RegistryImportDetailSerializer, **_REFUSALS},
    )
    def post(self, request: Request, slug: str, import_id: int) -> Response:
        record = selectors.registry_import_for(actor_of(request), slug, import_id)
        services.apply_registry_import(record=record, actor=actor_of(request))
        return Response(_detail(request, slug, import_id))


class DiscardRegistryImportView(APIView):
    @extend_schema(
        operation_id="discard_registry_import",
        request=None,
        responses={200: RegistryImportDetailSerializer, **_REFUSALS},
    )
    def post(self, request: Request, slug: str, import_id: int) -> Response:
        record = selectors.registry_import_for(actor_of(request), slug, import_id)
        services.discard_registry_import(record=record, actor=actor_of(request))
        return Response(_detail(request, slug, import_id))


class RefusedRowsView(APIView):
    @extend_schema(
        operation_id="refused_rows",
        parameters=[
            OpenApiParameter("limit", int),
            OpenApiParameter("offset", int),
            OpenApiParameter("number", int, description="Only of the file with this number."),
        ],
        responses={200: RefusedRowPageSerializer, 404: ErrorSerializer},
    )
    def get(self, request: Request, slug: str, import_id: int) -> Response:
        record = selectors.registry_import_for(actor_of(request), slug, import_id)
        number = request.query_params.get("number", "")
        rows = selectors.refused_rows(record, number=int(number) if number.isdecimal() else None)
        pages = LimitOffsetPagination()
        pages.default_limit, pages.max_limit = 100, 1000
        page = pages.paginate_queryset(rows, request, view=self)
        return Response(RefusedRowPageSerializer({"count": pages.count, "results": page}).data)


class RefusedRowsFileView(APIView):
    @extend_schema(
        operation_id="refused_rows_file",
        parameters=[OpenApiParameter("of", str, description="Kind of the rows; needed where a file holds several.")],
        responses={(200, "text/csv"): OpenApiTypes.BINARY, 404: ErrorSerializer},
    )
    def get(self, request: Request, slug: str, import_id: int, number: int) -> StreamingHttpResponse:
        file = selectors.registry_file_for(actor_of(request), slug, import_id, number)
        kind = request.query_params.get("of") or file.kind or next(iter(file.tables), "")
        rows = selectors.refused_csv(file, kind)
        response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="refused-{kind}-{import_id}-{number}.csv"'
        response["Cache-Control"] = "no-store"
        return response


class FileKindsView(APIView):
    @extend_schema(operation_id="registry_file_kinds", responses=FileKindSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        study_for(actor_of(request), slug, Role.COORDINATOR)
        return Response(FileKindSerializer(list(KINDS.values()), many=True).data)


class RegistryTemplateView(APIView):
    @extend_schema(
        operation_id="registry_template",
        responses={(200, "text/csv"): OpenApiTypes.BINARY, 404: ErrorSerializer},
    )
    def get(self, request: Request, slug: str, kind: str) -> HttpResponse:
        study_for(actor_of(request), slug, Role.COORDINATOR)
        response = HttpResponse(template_of(kind), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
        return response


class SurgeonsView(APIView):
    @extend_schema(operation_id="registry_surgeons", responses=SurgeonSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return Response(SurgeonSerializer(surgeons.surgeons_of_registry(actor_of(request), slug), many=True).data)

    @extend_schema(
        operation_id="link_surgeon",
        request=LinkSurgeonSerializer,
        responses={200: SurgeonSerializer(many=True), 400: ErrorSerializer, 404: ErrorSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        actor = actor_of(request)
        study = study_for(actor, slug, Role.COORDINATOR, Role.ADMINISTRATOR)
        data = LinkSurgeonSerializer(data=request.data)
        data.is_valid(raise_exception=True)
        surgeons.link_surgeon(study=study, actor=actor, **data.validated_data)
        return Response(SurgeonSerializer(surgeons.surgeons_of_registry(actor, slug), many=True).data)


class PeopleToLinkView(APIView):
    @extend_schema(operation_id="people_to_link", responses=PersonToLinkSerializer(many=True))
    def get(self, request: Request, slug: str) -> Response:
        return Response(PersonToLinkSerializer(surgeons.people_to_link(actor_of(request), slug), many=True).data)

from __future__ import annotations

from django.urls import path

from annotations.cohorts.registry import api

_IMPORTS = "studies/<slug:slug>/registry/imports"
_IMPORT = f"{_IMPORTS}/<int:import_id>"

urlpatterns = [
    path(_IMPORTS, api.RegistryImportsView.as_view(), name="registry-imports"),
    path(_IMPORT, api.RegistryImportView.as_view(), name="registry-import"),
    path(f"{_IMPORT}/check", api.CheckRegistryImportView.as_view(), name="check-registry-import"),
    path(f"{_IMPORT}/apply", api.ApplyRegistryImportView.as_view(), name="apply-registry-import"),
    path(f"{_IMPORT}/discard", api.DiscardRegistryImportView.as_view(), name="discard-registry-import"),
    path(f"{_IMPORT}/refused", api.RefusedRowsView.as_view(), name="refused-rows"),
    path(f"{_IMPORT}/files/<int:number>/refused.csv", api.RefusedRowsFileView.as_view(), name="refused-rows-file"),
    path("studies/<slug:slug>/registry/kinds", api.FileKindsView.as_view(), name="registry-file-kinds"),
    path(
        "studies/<slug:slug>/registry/templates/<slug:kind>.csv",
        api.RegistryTemplateView.as_view(),
        name="registry-template",
    ),
    path("studies/<slug:slug>/registry/surgeons", api.SurgeonsView.as_view(), name="registry-surgeons"),
    path("studies/<slug:slug>/registry/surgeons/people", api.PeopleToLinkView.as_view(), name="people-to-link"),
]

from __future__ import annotations

from django.urls import path

from annotations.datasets.api import (
    DatasetVersionsView,
    DatasetVersionView,
    DifferencesView,
    ManifestTableView,
    ManifestView,
    RecheckDatasetView,
)
from annotations.datasets.flow_urls import urlpatterns as flow_urlpatterns
from annotations.datasets.preview_api import DatasetChoicesView, PreviewSplitView

urlpatterns = [
    *flow_urlpatterns,
    path("studies/<slug:slug>/datasets", DatasetVersionsView.as_view(), name="dataset-versions"),
    path("studies/<slug:slug>/datasets/choices", DatasetChoicesView.as_view(), name="dataset-choices"),
    path("studies/<slug:slug>/datasets/preview", PreviewSplitView.as_view(), name="preview-split"),
    path("studies/<slug:slug>/datasets/<int:number>", DatasetVersionView.as_view(), name="dataset-version"),
    path("studies/<slug:slug>/datasets/<int:number>/manifest", ManifestView.as_view(), name="dataset-manifest"),
    path(
        "studies/<slug:slug>/datasets/<int:number>/manifest.csv",
        ManifestTableView.as_view(),
        name="dataset-manifest-table",
    ),
    path("studies/<slug:slug>/datasets/<int:number>/recheck", RecheckDatasetView.as_view(), name="recheck-dataset"),
    path(
        "studies/<slug:slug>/datasets/<int:number>/differences/<int:earlier>",
        DifferencesView.as_view(),
        name="dataset-differences",
    ),
]

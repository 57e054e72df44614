from __future__ import annotations

from django.urls import path

from annotations.datasets.api import DatasetVersionsView, DatasetVersionView, ManifestView, PreviewSplitView
from annotations.datasets.flow_api import CohortFlowView, FlowPatientsView

urlpatterns = [
    path("studies/<slug:slug>/cohort", CohortFlowView.as_view(), name="cohort-flow"),
    path("studies/<slug:slug>/cohort/patients", FlowPatientsView.as_view(), name="flow-patients"),
    path("studies/<slug:slug>/datasets", DatasetVersionsView.as_view(), name="dataset-versions"),
    path("studies/<slug:slug>/datasets/preview", PreviewSplitView.as_view(), name="preview-split"),
    path("studies/<slug:slug>/datasets/<int:number>", DatasetVersionView.as_view(), name="dataset-version"),
    path("studies/<slug:slug>/datasets/<int:number>/manifest", ManifestView.as_view(), name="dataset-manifest"),
]

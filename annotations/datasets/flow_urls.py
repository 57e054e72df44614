from __future__ import annotations

from django.urls import path

from annotations.datasets.flow_api import BuildCohortView, CohortFlowView, DrawComparisonView, FlowPatientsView

urlpatterns = [
    path("studies/<slug:slug>/cohort", CohortFlowView.as_view(), name="cohort-flow"),
    path("studies/<slug:slug>/cohort/patients", FlowPatientsView.as_view(), name="flow-patients"),
    path("studies/<slug:slug>/cohort/build", BuildCohortView.as_view(), name="build-cohort"),
    path("studies/<slug:slug>/cohort/comparison", DrawComparisonView.as_view(), name="draw-comparison"),
]

from __future__ import annotations

from django.urls import path

from annotations.cohorts.api import CohortRulesView, PatientTraceView, PreviewRulesView
from annotations.cohorts.registry.urls import urlpatterns as registry_urlpatterns

urlpatterns = [
    *registry_urlpatterns,
    path("studies/<slug:slug>/registry/patients/<str:pseudonym>", PatientTraceView.as_view(), name="patient-trace"),
    path("studies/<slug:slug>/cohort/rules", CohortRulesView.as_view(), name="cohort-rules"),
    path("studies/<slug:slug>/cohort/preview", PreviewRulesView.as_view(), name="preview-rules"),
]

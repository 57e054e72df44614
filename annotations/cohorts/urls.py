from __future__ import annotations

from django.urls import path

from annotations.cohorts.api import BuildCohortView, CohortRulesView, PatientTraceView
from annotations.cohorts.registry.urls import urlpatterns as registry_urlpatterns

urlpatterns = [
    *registry_urlpatterns,
    path("studies/<slug:slug>/registry/patients/<str:pseudonym>", PatientTraceView.as_view(), name="patient-trace"),
    path("studies/<slug:slug>/cohort/rules", CohortRulesView.as_view(), name="cohort-rules"),
    path("studies/<slug:slug>/cohort/build", BuildCohortView.as_view(), name="build-cohort"),
]

from __future__ import annotations

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView

from config.front_end import front_end
from config.health import health

urlpatterns = [
    path("healthz", health, name="health"),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("api/v1/", include("accounts.urls")),
    path("api/v1/", include("studies.urls")),
    path("api/v1/", include("annotations.cohorts.urls")),
    path("api/v1/", include("annotations.labels.urls")),
    path("api/v1/", include("annotations.imaging.urls")),
    path("api/v1/", include("annotations.datasets.urls")),
    path("api/v1/", include("annotations.reads.urls")),
    path("api/v1/", include("mlworker.experiments.urls")),
    path("dicom-web/", include("annotations.imaging.dicomweb_urls")),
    # Whatever is not the API is the page, which has routes of its own. A file of an older page that is gone is missing.
    re_path(r"^(?!api/|dicom-web/|healthz|assets/).*$", front_end, name="front-end"),
]
handler400 = "config.errors.bad_request"
handler404 = "config.errors.not_found"
handler500 = "config.errors.server_error"

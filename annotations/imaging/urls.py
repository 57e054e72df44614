from __future__ import annotations

from django.urls import path

from annotations.imaging.api import IntakeBatchView, IntakeView, RadiographsView, RadiographView, RenditionView
from annotations.imaging.quarantine_api import (
    ProposeView,
    QuarantinedImageView,
    QuarantinedPictureView,
    QuarantineView,
    RefuseView,
    ReleaseView,
)

urlpatterns = [
    path("studies/<slug:slug>/intake", IntakeView.as_view(), name="intake"),
    path("studies/<slug:slug>/intake/<int:batch_id>", IntakeBatchView.as_view(), name="intake-batch"),
    path("studies/<slug:slug>/radiographs", RadiographsView.as_view(), name="radiographs"),
    path("studies/<slug:slug>/radiographs/<int:radiograph_id>", RadiographView.as_view(), name="radiograph"),
    path("studies/<slug:slug>/radiographs/<int:radiograph_id>/<str:kind>", RenditionView.as_view(), name="rendition"),
    path("studies/<slug:slug>/quarantine", QuarantineView.as_view(), name="quarantine"),
    path("studies/<slug:slug>/quarantine/<int:image_id>", QuarantinedImageView.as_view(), name="quarantined-image"),
    path("studies/<slug:slug>/quarantine/<int:image_id>/propose", ProposeView.as_view(), name="propose-mask"),
    path("studies/<slug:slug>/quarantine/<int:image_id>/release", ReleaseView.as_view(), name="release-image"),
    path("studies/<slug:slug>/quarantine/<int:image_id>/refuse", RefuseView.as_view(), name="refuse-image"),
    path(
        "studies/<slug:slug>/quarantine/<int:image_id>/<str:which>/<str:kind>",
        QuarantinedPictureView.as_view(),
        name="quarantined-picture",
    ),
]

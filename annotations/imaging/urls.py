from __future__ import annotations

from django.urls import path

from annotations.imaging.api import IntakeBatchView, IntakeView, RadiographsView, RadiographView, RenditionView

urlpatterns = [
    path("studies/<slug:slug>/intake", IntakeView.as_view(), name="intake"),
    path("studies/<slug:slug>/intake/<int:batch_id>", IntakeBatchView.as_view(), name="intake-batch"),
    path("studies/<slug:slug>/radiographs", RadiographsView.as_view(), name="radiographs"),
    path("studies/<slug:slug>/radiographs/<int:radiograph_id>", RadiographView.as_view(), name="radiograph"),
    path("studies/<slug:slug>/radiographs/<int:radiograph_id>/<str:kind>", RenditionView.as_view(), name="rendition"),
]

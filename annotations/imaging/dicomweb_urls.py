"""Addresses for other machines, outside the page's API: where DICOMweb clients look for them."""

from __future__ import annotations

from django.urls import path

from annotations.imaging.dicomweb_api import StoreInstancesView

urlpatterns = [path("<slug:slug>/studies", StoreInstancesView.as_view(), name="store-instances")]

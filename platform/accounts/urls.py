from __future__ import annotations

from django.urls import path

from accounts.api import SessionView, SignInView, SignOutView

urlpatterns = [
    path("session", SessionView.as_view(), name="session"),
    path("session/sign-in", SignInView.as_view(), name="sign-in"),
    path("session/sign-out", SignOutView.as_view(), name="sign-out"),
]

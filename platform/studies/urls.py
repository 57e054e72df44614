from __future__ import annotations

from django.urls import path

from studies.api import PeopleView, StudyListView, StudyView, WithdrawRoleView

urlpatterns = [
    path("studies", StudyListView.as_view(), name="studies"),
    path("studies/<slug:slug>", StudyView.as_view(), name="study"),
    path("studies/<slug:slug>/people", PeopleView.as_view(), name="people"),
    path("studies/<slug:slug>/people/withdraw", WithdrawRoleView.as_view(), name="withdraw-role"),
]

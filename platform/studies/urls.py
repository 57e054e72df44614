from __future__ import annotations

from django.urls import path

from studies.api import PeopleView, StudyListView, StudyView, WithdrawRoleView
from studies.invitation_api import (
    AcceptInvitationView,
    InvitationsView,
    LookAtInvitationView,
    WithdrawInvitationView,
)

urlpatterns = [
    path("studies", StudyListView.as_view(), name="studies"),
    path("studies/<slug:slug>", StudyView.as_view(), name="study"),
    path("studies/<slug:slug>/people", PeopleView.as_view(), name="people"),
    path("studies/<slug:slug>/people/withdraw", WithdrawRoleView.as_view(), name="withdraw-role"),
    path("studies/<slug:slug>/invitations", InvitationsView.as_view(), name="invitations"),
    path(
        "studies/<slug:slug>/invitations/<int:invitation_id>/withdraw",
        WithdrawInvitationView.as_view(),
        name="withdraw-invitation",
    ),
    path("invitations/look", LookAtInvitationView.as_view(), name="look-at-invitation"),
    path("invitations/accept", AcceptInvitationView.as_view(), name="accept-invitation"),
]

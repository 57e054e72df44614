from __future__ import annotations

from accounts.models import Person
from annotations.reads.models import ProtocolStatus, ReadProtocol, SessionState
from annotations.reads.selectors import missing_sessions, my_sessions
from studies.models import Membership, Role, Study
from studies.next_steps import NextStep

# Everybody but the keeper of an identifier map: not every study has one.
_NEEDED = [role for role in Role.values if role != Role.IDENTIFIER_KEEPER]


def reading_steps(actor: Person, study: Study) -> list[NextStep]:
    """One line for each session of the reader that is still open: its cases, then its signature."""
    href = f"/studies/{study.slug}/reading"
    steps = []
    for session in my_sessions(actor, study.slug):
        done, total = session.done, session.total  # type: ignore[attr-defined]
        steps.append(NextStep("read_cases", "surgeon", href, done, total, order=10))
        if done == total:
            signed = int(session.state == SessionState.SIGNED)
            steps.append(NextStep("sign_session", "surgeon", href, signed, 1, order=20))
    return steps


def protocol_steps(actor: Person, study: Study) -> list[NextStep]:
    """Every role that a study needs has somebody; protocols whose sessions are all signed wait to be unblinded."""
    held = Membership.objects.filter(study=study, role__in=_NEEDED).values("role").distinct().count()
    steps = [NextStep("invite_people", "administrator", f"/studies/{study.slug}/people", held, len(_NEEDED), 10)]
    protocols = ReadProtocol.objects.filter(study=study).exclude(status=ProtocolStatus.DRAFT)
    finished = [protocol for protocol in protocols if not missing_sessions(protocol)]
    if finished:
        unblinded = sum(1 for protocol in finished if protocol.status == ProtocolStatus.UNBLINDED)
        href = f"/studies/{study.slug}/protocols"
        steps.append(NextStep("unblind_protocols", "administrator", href, unblinded, len(finished), order=20))
    return steps

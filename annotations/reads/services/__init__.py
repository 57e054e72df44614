"""What happens in a reading study. Every change of state is one conditional UPDATE, so that two tabs make one read."""

from __future__ import annotations

from annotations.reads.services.consensus import decide_together, plan_consensus, sign_consensus
from annotations.reads.services.corrections import correct_read
from annotations.reads.services.display import report_display
from annotations.reads.services.guards import refuse_abstraction_while_reading, refuse_other_roles_while_reading
from annotations.reads.services.planning import (
    allow_earlier_session,
    begin_next_session,
    plan_session,
)
from annotations.reads.services.protocols import (
    amend_protocol,
    assign_readers,
    change_protocol,
    copy_protocol,
    create_protocol,
    freeze_protocol,
)
from annotations.reads.services.reading import LOCKED, accept_instructions, open_read, save_draft, submit_read
from annotations.reads.services.signing import confirm_identity, sign_session
from annotations.reads.services.unblinding import record_deviation, report_unblinding, unblind_protocol

__all__ = [
    "LOCKED",
    "accept_instructions",
    "allow_earlier_session",
    "amend_protocol",
    "assign_readers",
    "begin_next_session",
    "change_protocol",
    "confirm_identity",
    "copy_protocol",
    "correct_read",
    "create_protocol",
    "decide_together",
    "freeze_protocol",
    "open_read",
    "plan_consensus",
    "plan_session",
    "record_deviation",
    "refuse_abstraction_while_reading",
    "refuse_other_roles_while_reading",
    "report_display",
    "report_unblinding",
    "save_draft",
    "sign_consensus",
    "sign_session",
    "submit_read",
    "unblind_protocol",
]

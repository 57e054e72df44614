"""Rows of lower apps that a blinded reader must not come to have: refused by the database, whoever asks it."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger

from annotations.labels.models import Label, NoteAssessment
from studies.models import Membership

_LOCK = 0x4C554657
_NO_OTHER_ROLE = f"""
IF NEW.role <> 'surgeon' THEN
    PERFORM pg_advisory_xact_lock({_LOCK}, NEW.person_id::integer);
    IF reads_still_blinded(NEW.person_id, NEW.study_id) THEN
        RAISE EXCEPTION 'who still reads blinded holds no other role in the study' USING ERRCODE = 'check_violation';
    END IF;
END IF;
RETURN NEW;
"""
_NO_ABSTRACTION = f"""
PERFORM pg_advisory_xact_lock({_LOCK}, NEW.abstractor_id::integer);
IF reads_still_blinded(NEW.abstractor_id, NEW.study_id) THEN
    RAISE EXCEPTION 'who still reads blinded does not read operative notes' USING ERRCODE = 'check_violation';
END IF;
RETURN NEW;
"""
_NO_DECISION = f"""
IF NEW.decided_by_id IS NOT NULL THEN
    PERFORM pg_advisory_xact_lock({_LOCK}, NEW.decided_by_id::integer);
    IF reads_still_blinded(NEW.decided_by_id, NEW.study_id) THEN
        RAISE EXCEPTION 'who still reads blinded decides no reference standard' USING ERRCODE = 'check_violation';
    END IF;
END IF;
RETURN NEW;
"""


class BlindedMembership(Membership):
    class Meta:
        proxy = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="no_other_role_while_reading",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=_NO_OTHER_ROLE,
            ),
        ]


class BlindedAssessment(NoteAssessment):
    class Meta:
        proxy = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="no_abstraction_while_reading",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_NO_ABSTRACTION,
            ),
        ]


class BlindedLabel(Label):
    class Meta:
        proxy = True
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.Trigger(
                name="no_decision_while_reading",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func=_NO_DECISION,
            ),
        ]

"""Frozen versions and the two reading protocols: one finished and unblinded, one open for the visitor."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping

from accounts.models import Person
from annotations.datasets.models import DatasetVersion, Part
from annotations.datasets.services import freeze_dataset_version, freeze_practice_set
from annotations.datasets.split import RatioSplit
from annotations.reads.models import ProtocolStatus, Read, ReadProtocol, ReadSession, SessionState
from annotations.reads.services import (
    LOCKED,
    accept_instructions,
    create_protocol,
    open_read,
    plan_session,
    sign_session,
    submit_read,
    unblind_protocol,
)
from demo.phantom import PhantomCase, phantom_truth
from demo.study.people import Cast
from demo.study.progress import Tell
from demo.study.simulated_readers import READER_A, READER_B, ReaderModel, simulated_answer
from studies.models import Study

FINISHED = "Surgeons beside the CNN (finished)"
OPEN = "Your turn: read blinded"
_INSTRUCTIONS = (
    "You will see one AP radiograph of a hip replacement at a time, and nothing else about the patient.\n\n"
    "Decide for each whether the implant, cup or stem, is loose or well fixed, and say how sure you are of that call "
    "from 0 (a guess) to 100 (certain). If the image does not let you decide, choose “cannot assess”.\n\n"
    "You begin with practice cases, after each of which you are told the truth. The study cases follow without it. "
    "A submitted answer is locked. Take the time that you would take in clinic; you may pause and go on on any "
    "computer. At the end you sign all your reads with your password."
)
_MEANING = "I made these reads myself, blinded, in the order shown (simulated)."


def frozen_versions(study: Study, cast: Cast, *, seed: int) -> tuple[DatasetVersion, DatasetVersion]:
    """The study's version, 80:10:10 by patient, and the practice set."""
    versions = DatasetVersion.objects.filter(study=study)
    main = versions.filter(is_practice=False).order_by("number").first() or freeze_dataset_version(
        study=study, name="All confirmed hips, 80:10:10", split=RatioSplit(seed=seed), actor=cast.researcher
    )
    practice = versions.filter(is_practice=True).order_by("number").first() or freeze_practice_set(
        study=study, name="Practice cases", actor=cast.coordinator
    )
    return main, practice


def _protocol(
    study: Study, cast: Cast, title: str, versions: tuple[DatasetVersion, DatasetVersion], part: str,
    readers: tuple[Person, ...],
) -> ReadProtocol:  # fmt: skip
    return ReadProtocol.objects.filter(study=study, title=title).first() or create_protocol(
        study=study, title=title, dataset_version=versions[0], part=part, practice_version=versions[1],
        instructions=_INSTRUCTIONS, actor=cast.administrator, readers=readers,
    )  # fmt: skip


def _session(protocol: ReadProtocol, reader: Person, seed: int, cast: Cast) -> ReadSession:
    return ReadSession.objects.filter(protocol=protocol, reader=reader).first() or plan_session(
        protocol=protocol, reader=reader, seed=seed, actor=cast.administrator
    )


def open_protocol_for_visitor(
    study: Study, cast: Cast, versions: tuple[DatasetVersion, DatasetVersion], *, seed: int
) -> None:
    """On the patients of the validation part: the test part's are read already, by the simulated surgeons."""
    protocol = _protocol(study, cast, OPEN, versions, Part.VALIDATION, (cast.surgeon,))
    if protocol.status != ProtocolStatus.UNBLINDED:
        _session(protocol, cast.surgeon, seed + 1, cast)


def finish_protocol(
    study: Study, cast: Cast, versions: tuple[DatasetVersion, DatasetVersion], cases: Mapping[int, PhantomCase],
    *, seed: int, tell: Tell,
) -> None:  # fmt: skip
    """Both simulated surgeons read and sign; then the protocol is unblinded. `cases` are by hip."""
    protocol = _protocol(study, cast, FINISHED, versions, Part.TEST, cast.readers)
    if protocol.status == ProtocolStatus.UNBLINDED:
        return
    sessions = [_session(protocol, reader, seed + i, cast) for i, reader in enumerate(cast.readers, start=11)]
    total = Read.objects.filter(session__in=sessions).count()
    done = 0
    for session, model in zip(sessions, (READER_A, READER_B), strict=True):
        if session.state == SessionState.OPEN:
            _read_all(session, model, cases, seed, _from(done, total, tell))
            _sign(session)
        done += Read.objects.filter(session=session).count()
    unblind_protocol(
        protocol=protocol, actor=cast.administrator, reason="All planned reads are signed; the analysis may begin."
    )


def _from(before: int, total: int, tell: Tell) -> Callable[[int], None]:
    return lambda done: tell(before + done, total)


def _read_all(
    session: ReadSession, model: ReaderModel, cases: Mapping[int, PhantomCase], seed: int, tell: Callable[[int], None]
) -> None:
    accept_instructions(session=session)
    session.refresh_from_db()
    reads = Read.objects.filter(session=session).select_related("case", "session__protocol__study", "session__reader")
    for done, read in enumerate(reads.order_by("position"), start=1):
        if read.state not in LOCKED:
            case = cases[read.case.hip_id]
            key = hashlib.sha256(f"{case.seed}:{case.side}".encode()).hexdigest()
            answer = simulated_answer(model, loose=case.loose, truth=phantom_truth(case), key=key, seed=seed)
            open_read(read=read)
            submit_read(read=read, answer=answer, focus_milliseconds=0)
        tell(done)


def _sign(session: ReadSession) -> None:
    """A simulated reader has a password for the moment of signing only."""
    password = secrets.token_urlsafe(24)
    reader = session.reader
    reader.set_password(password)
    sign_session(session=session, signer=reader, password=password, meaning=_MEANING)

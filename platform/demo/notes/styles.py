"""Dictation styles: which sections a note has, in what order, and under which headings."""

from __future__ import annotations

from collections.abc import Callable

from demo.notes.facts import Outcome
from demo.notes.sections import Writer, capital
from demo.notes.slips import abbreviate, run_together, slip

_ORDERS = (
    ("pre", "post", "procedure", "indication", "findings", "technique", "implants", "specimens", "blood", "plan"),
    ("procedure", "pre", "post", "findings", "indication", "technique", "specimens", "implants", "plan"),
    ("pre", "procedure", "indication", "technique", "findings", "post", "blood", "complications", "plan"),
    ("pre", "post", "procedure", "specimens", "blood", "complications", "findings", "indication", "technique"),
)
_TITLES = {
    "pre": ("Pre-operative diagnosis", "Preoperative Diagnosis", "Pre-Op Diagnosis", "Diagnosis before operation"),
    "post": ("Post-operative diagnosis", "Postoperative Diagnosis", "Post-Op Diagnosis", "Diagnosis after operation"),
    "procedure": ("Procedure", "Procedure Performed", "Procedure", "Operation"),
    "indication": ("Indication", "Indications", "History", "Reason for operation"),
    "findings": ("Findings", "Operative Findings", "Intra-operative findings", "Findings at operation"),
    "technique": ("Details of procedure", "Description of Procedure", "Description", "Course of the operation"),
    "implants": ("Implants", "Implants", "Components", "Implants"),
    "specimens": ("Specimens", "Specimens", "Cultures", "Samples"),
    "blood": ("Blood loss", "Estimated Blood Loss", "EBL", "Blood loss"),
    "complications": ("Complications", "Complications", "Complications", "Complications"),
    "plan": ("Plan", "Disposition", "Plan", "Further treatment"),
    "addendum": ("Addendum", "Addendum", "Addendum", "Supplement"),
}


def _sections(writer: Writer) -> dict[str, Callable[[], str]]:
    return {
        "pre": lambda: capital(writer.diagnosis("pre")),
        "post": lambda: capital(writer.diagnosis("post")),
        "procedure": lambda: capital(writer.procedure()),
        "indication": writer.history,
        "findings": writer.findings,
        "technique": lambda: f"{writer.technique()} {writer.reconstruction()}",
        "implants": lambda: capital(writer.implants()),
        "specimens": writer.specimens,
        "blood": lambda: writer.body.draw("blood"),
        "complications": lambda: writer.rng.choice(("None.", "None", "none apparent")),
        "plan": writer.plan,
        "addendum": writer.addendum,
    }


def _told(writer: Writer, order: tuple[str, ...], *, slips: float) -> list[tuple[str, str]]:
    """The sections in this order, with the slips of a hurried typist in their text but not in the headings."""
    sections = _sections(writer)
    words = 0.1 if writer.rng.random() < 0.6 else 0.0
    told = [(name, abbreviate(writer.rng, sections[name](), words)) for name in order]
    if writer.plot.addendum:
        told.append(("addendum", sections["addendum"]()))
    return [(name, slip(writer.rng, text, slips)) for name, text in told]


def _header(writer: Writer) -> str:
    rng, cast = writer.rng, writer.cast
    surgeon = (f"Dr {cast.surgeon.surname}", cast.surgeon.full, f"{cast.surgeon.initial}, {cast.degree}")
    lines = [
        f"Patient: {rng.choice((cast.patient.full, f'<name: {cast.patient.last}, {cast.patient.first}>'))}",
        f"{rng.choice(('MRN', 'Hospital no.', 'Record no.'))}: {cast.record_number}",
        f"{rng.choice(('DOB', 'Date of birth'))}: {cast.born_on}",
        f"{rng.choice(('Date of surgery', 'Date', 'Operated on'))}: {cast.operated_on}",
        f"Surgeon: {rng.choice(surgeon)}",
        f"{rng.choice(('Assistant', 'First assistant'))}: {rng.choice((cast.assistant.full, cast.assistant.initial))}",
        f"{'Anesthesiologist' if cast.american else 'Anaesthetist'}: Dr {cast.anaesthetist.surname}",
        f"Scrub nurse: {cast.nurse.full}",
    ]
    kept = [line for line in lines if rng.random() < 0.8] or lines[:2]
    if rng.random() < 0.3:
        kept.insert(0, f"Hospital: <place: {writer.facts.hospital}>")
    return "\n".join(kept)


def _signature(writer: Writer) -> str:
    rng, cast = writer.rng, writer.cast
    day = writer.cast.operated_on
    return rng.choice(
        (
            f"Dictated by: {cast.surgeon.initial}, {cast.degree}, {day}",
            f"Signed: {cast.surgeon.full}",
            f"{cast.surgeon.full}, {cast.degree}\ncc: Dr {cast.referrer.full}",
            f"Electronically signed by {cast.surgeon.full}, {cast.degree} on {day}",
            f"D: {day}  T: {day}  Job no. <number: {rng.randint(1_000_000, 9_999_999)}>",
        )
    )


def sectioned(writer: Writer) -> str:
    rng = writer.rng
    titles = rng.randrange(4)
    body = "\n".join(
        f"{_TITLES[name][titles]}: {text}" for name, text in _told(writer, rng.choice(_ORDERS), slips=0.006)
    )
    return f"{_header(writer)}\n\n{body}\n\n{_signature(writer)}"


def capitals(writer: Writer) -> str:
    """Headings in capitals on lines of their own; in some notes everything is in capitals (see write_note)."""
    rng = writer.rng
    titles = rng.randrange(3)
    body = "\n\n".join(
        f"{_TITLES[name][titles].upper()}:\n{text}" for name, text in _told(writer, rng.choice(_ORDERS), slips=0.004)
    )
    head = rng.choice(("OPERATIVE REPORT", "OPERATION RECORD", "OPERATIVE NOTE"))
    return f"{head}\n{_header(writer)}\n\n{body}\n\n{_signature(writer)}"


def terse(writer: Writer) -> str:
    rng, cast, plot = writer.rng, writer.cast, writer.plot
    age = str(writer.facts.age) if writer.facts.age < 90 else "over 89"
    number = rng.choice(("MRN", "ID"))
    lines = [
        f"{rng.choice(('Op note', 'Brief op note', 'OP NOTE'))} {cast.operated_on}",
        f"Pt: {cast.patient.surname}, {age} {writer.facts.sex}, {number} {cast.record_number}",
        f"Preop dx: {capital(writer.diagnosis('pre'))}",
        f"Postop dx: {capital(writer.diagnosis('post'))}",
        f"Procedure: {capital(writer.procedure())}",
        f"Surgeon: {cast.surgeon.surname} / Asst: {cast.assistant.surname}",
        f"Anesth: {rng.choice(('spinal', 'general', 'GETA'))}, Dr {cast.anaesthetist.surname}",
        "Findings:",
        *terse_findings(writer),
        f"EBL: {writer.body.draw('blood')}",
        f"Specimens: {capital(writer.specimens())}",
        f"Implants: {writer.implants()}",
        f"Complications: {rng.choice(('none', 'none', 'nil'))}",
        f"Plan: {writer.plan()}",
    ]
    if plot.addendum:
        lines.append(f"Addendum {writer.addendum()}")
    return "\n".join(slip(rng, abbreviate(rng, line, 0.5), 0.004) for line in lines)


def terse_findings(writer: Writer) -> list[str]:
    rng, plot = writer.rng, writer.plot
    if writer.facts.outcome is Outcome.PRIMARY:
        return ["- OA, bare bone", "- bone stock good"]
    labels = {"cup": rng.choice(("cup", "acetabulum", "shell")), "stem": rng.choice(("stem", "femoral component"))}
    lines = []
    if writer.facts.outcome is Outcome.SIDE_DIFFERS:
        lines.append(f"- {plot.findings_side} hip:")
    for name in writer._told_components():
        state = {"loose": f"terse_{name}_loose", "well_fixed": f"terse_{name}_fixed"}.get(
            getattr(plot, name), "terse_unstated"
        )
        lines.append(f"- {labels[name]}: {writer.body.draw(state, name)}")
    lines += [f"- {sentence}" for sentence in writer._why_revised()]
    lines.append(f"- {writer.body.draw('terse_infection_' + writer._infection_at_surgery())}")
    if rng.random() < 0.15:
        lines.append(f"- {writer.body.draw('trap')}")
    return lines


def narrative(writer: Writer) -> str:
    rng, cast = writer.rng, writer.cast
    rank = rng.choice(("Consultant orthopaedic surgeon", "Senior physician", "Department of Orthopaedics"))
    opening = f"Re: {cast.patient.full}, born {cast.born_on}, hospital number {cast.record_number}"
    story = [
        f"Dear Dr {cast.referrer.surname},",
        opening,
        f"{rng.choice(('Your patient had surgery', 'We operated on your patient', 'The operation was done'))} on "
        f"{cast.operated_on}. {writer.history().replace(f'by Dr {cast.referrer.surname}', 'by you')}",
        f"{writer.technique()} {writer.findings()}",
        f"{writer.reconstruction()} {writer.short('condition')}",
        f"The diagnosis before surgery was: {writer.diagnosis('pre')}. "
        f"The diagnosis after surgery: {writer.diagnosis('post')}. {writer.plan()}",
        f"Yours sincerely,\n{cast.surgeon.full}\n{rank}",
    ]
    if writer.plot.addendum:
        story.insert(-1, f"Addendum {writer.addendum()}")
    return "\n\n".join([*story[:2], *(slip(rng, part, 0.005) for part in story[2:-1]), story[-1]])


def run_on(writer: Writer) -> str:
    """Dictated in one breath: no headings, few stops, the machine's own errors."""
    rng, cast = writer.rng, writer.cast
    text = " ".join(
        (
            f"This is Dr {cast.surgeon.surname} dictating an operative note on {cast.patient.full}, "
            f"medical record number {cast.record_number}, date of surgery {cast.operated_on}.",
            f"Assistant was {cast.assistant.full}, anesthesia was given by Dr {cast.anaesthetist.surname}.",
            f"Preoperative diagnosis is {writer.diagnosis('pre')}.",
            f"Postoperative diagnosis is {writer.diagnosis('post')}.",
            f"Procedure is {writer.procedure()}.",
            writer.history(),
            writer.technique(),
            writer.findings(),
            writer.reconstruction(),
            writer.short("condition"),
            f"Estimated blood loss was {writer.body.draw('blood')}.",
            writer.plan(),
            f"Addendum {writer.addendum()}" if writer.plot.addendum else "End of dictation.",
        )
    )
    return slip(rng, run_together(rng, abbreviate(rng, text, 0.05)), 0.012)


STYLES: dict[str, tuple[Callable[[Writer], str], int]] = {
    "sectioned": (sectioned, 30),
    "capitals": (capitals, 22),
    "terse": (terse, 18),
    "narrative": (narrative, 14),
    "run_on": (run_on, 16),
}

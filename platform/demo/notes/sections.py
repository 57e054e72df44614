"""The sections of one note, drawn from the grammar; the styles put them in order and give them headings."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from datetime import timedelta

from demo.notes.cast import Cast, draw_lot, later, month_text
from demo.notes.facts import NoteFacts, Outcome
from demo.notes.grammar import Grammar
from demo.notes.phrases import BANKS
from demo.notes.phrases.people import FIRST_NAMES
from demo.notes.plot import FIXED, LOOSE, UNSTATED, Plot

_FIRST_LETTER = re.compile(r"^(<[^:<>]*: ?)?([a-z])")
_REVISED = {"cup": "the acetabular component", "stem": "the femoral component", "both": "both components"}
_BARE = {"cup": "cup", "stem": "stem", "both": "components"}
_KEPT = {"cup": "femoral component", "stem": "acetabular component", "both": ""}
_OTHER = {"left": "right", "right": "left"}
_BANK_OF_STATE = {LOOSE: "loose", FIXED: "fixed", UNSTATED: "unstated"}


@dataclass(slots=True)
class Writer:
    """Draws the sections of one note. `detail` from 0 (shortest) to 2 says how much is told."""

    rng: random.Random
    facts: NoteFacts
    plot: Plot
    cast: Cast
    detail: int
    header: Grammar
    body: Grammar

    @property
    def primary(self) -> bool:
        return self.facts.outcome is Outcome.PRIMARY

    def diagnosis(self, when: str) -> str:
        return self.header.draw(getattr(self.plot, when))

    def procedure(self) -> str:
        return self.header.draw("procedure_primary" if self.primary else f"procedure_{self.facts.component}")

    def specimens(self) -> str:
        return self.body.draw("primary_specimens" if self.primary else "specimens")

    def history(self) -> str:
        if self.primary:
            return self.header.draw("history_primary")
        told = [capital(self.header.draw("history"))]
        if self.plot.pre == "pre_loosening" and (self.detail or self.header.chance(0.5)):
            told.append(self.header.draw("imaging"))
        if self.detail and self.header.chance(0.6):
            told.append(self.header.draw("work_up"))
        return " ".join(told)

    def findings(self) -> str:
        if self.primary:
            return self._sentences(["arthritis"])
        told = [f"{name}_{_BANK_OF_STATE[getattr(self.plot, name)]}" for name in self._told_components()]
        self.rng.shuffle(told)
        sentences = [self._component_sentence(bank) for bank in told]
        sentences += self._why_revised()
        if self.plot.infection != "none" or self.rng.random() < 0.85:
            sentence = capital(self.body.draw(f"infection_{self._infection_at_surgery()}"))
            sentences.insert(self.rng.choice((0, len(sentences))), sentence)
        sentences += [capital(self.body.draw("bone")) for _ in range(self.rng.randint(0, 1 + self.detail))]
        if self.facts.outcome is Outcome.SIDE_DIFFERS:
            sentences.insert(0, f"The {self.plot.findings_side} hip was opened.")
        elif self.rng.random() < 0.22:
            sentences.insert(self.rng.choice((0, len(sentences))), capital(self.body.draw("trap")))
        return " ".join(sentences)

    def technique(self) -> str:
        if self.primary:
            return self._sentences(["position", "primary_approach", "primary_bone", "trial", "closure"])
        opening = {0: [], 1: [self.rng.choice(("time_out", "position"))]}.get(self.detail, ["time_out", "position"])
        return self._sentences([*opening, "approach", *(["exposure"] if self.detail else [])])

    def reconstruction(self) -> str:
        if self.primary:
            return self._sentences(["counts"])
        steps = {"cup": ["new_cup"], "stem": ["new_stem"], "both": ["new_cup", "new_stem"]}[self.facts.component]
        if self.facts.component != "both" and self.rng.random() < 0.8:
            steps.append("keep")
        if self.rng.random() < 0.3 + 0.2 * self.detail:
            steps.insert(0, "after_removal")
        steps += ["trial", "closure"]
        if self.detail:
            steps.append("counts")
        return self._sentences(steps)

    def implants(self) -> str:
        parts = []
        if self.facts.component != "stem":
            parts.append(self.body.say("[|porous ]shell {shell_mm} mm, ") + draw_lot(self.rng))
        if self.facts.component != "cup":
            parts.append(self.body.say("stem size {stem_size}, ") + draw_lot(self.rng))
        parts.append(self.body.say("[|ceramic ]head {head_mm} mm, ") + draw_lot(self.rng))
        return "; ".join(parts[: 2 + self.detail])

    def addendum(self) -> str:
        bank = self.plot.addendum
        if not bank:
            return ""
        day = self.cast.date_text(self.rng, later(self.rng, self.facts.performed_on))
        return f"{day}: {capital(self.body.draw(bank))}"

    def plan(self) -> str:
        septic = self.plot.infection == "confirmed" and not self.plot.addendum
        sentences = [self.body.draw("plan_septic")] if septic else []
        return " ".join([*sentences, *(self.body.draw("plan") for _ in range(1 + self.detail // 2))])

    def short(self, bank: str) -> str:
        return capital(self.body.draw(bank))

    def _told_components(self) -> list[str]:
        """A component that was neither revised nor judged is not spoken of."""
        revised = ("cup", "stem") if self.facts.component == "both" else (self.facts.component,)
        return [name for name in ("cup", "stem") if name in revised or getattr(self.plot, name) != UNSTATED]

    def _component_sentence(self, bank: str) -> str:
        name, state = bank.split("_")
        sentence = capital(self.body.draw(bank, name))
        if state == "fixed" and self.facts.component == "both" and LOOSE in (self.plot.cup, self.plot.stem):
            sentence += " " + capital(self.body.draw("exchanged_fixed"))
        return sentence

    def _why_revised(self) -> list[str]:
        if self.facts.outcome is Outcome.OTHER_CAUSE:
            return [capital(self.body.draw(f"cause_{self.facts.component}"))]
        if self.facts.outcome is not Outcome.WELL_FIXED:
            return []
        told = [capital(self.body.draw(f"cause_{self.facts.component}"))]
        if self.detail:
            told.append(capital(self.body.draw("fixed_by_removal", self.facts.component)))
        return told

    def _infection_at_surgery(self) -> str:
        """An infection that only the cultures showed was not seen during surgery."""
        unseen = self.plot.infection == "confirmed" and self.plot.post == "post_plain"
        return "none" if unseen else self.plot.infection

    def _sentences(self, banks: list[str]) -> str:
        return " ".join(capital(self.body.draw(bank)) for bank in banks)


def new_writer(rng: random.Random, facts: NoteFacts, plot: Plot, cast: Cast, detail: int) -> Writer:
    values = _values(rng, facts, plot, cast)
    header = Grammar(rng, BANKS, values | _sides(plot.side))
    body = Grammar(rng, BANKS, values | _sides(plot.findings_side))
    return Writer(rng, facts, plot, cast, detail, header, body)


def capital(sentence: str) -> str:
    return _FIRST_LETTER.sub(lambda match: (match[1] or "") + match[2].upper(), sentence)


def _sides(side: str) -> dict[str, str]:
    return {"side": side, "other": _OTHER[side]}


def _values(rng: random.Random, facts: NoteFacts, plot: Plot, cast: Cast) -> dict[str, str]:
    loose = "both" if len(plot.loose) == 2 else "".join(plot.loose) or facts.component
    years = max(1, round(facts.years_in_place))
    implanted = facts.performed_on.replace(year=facts.performed_on.year - years, day=1)
    noun = {"F": "woman", "M": "man"}.get(facts.sex, "person")
    # An age of ninety or more is rare enough to point at a person.
    age = (str(facts.age) if facts.age < 90 else f"<number: {facts.age}>") + "[-year-old| year old|-year old]"
    shell = rng.choice((52, 54, 56, 58, 60, 62))
    kin = rng.choice(("daughter", "sister") if cast.relative.first in FIRST_NAMES["F"] else ("son", "brother"))
    return {
        "shell_mm": str(shell),
        "ream_mm": str(shell - 1),
        "head_mm": rng.choice(("32", "36")),
        "stem_size": rng.choice(("14", "15", "16", "17", "18")),
        "revised": _REVISED[facts.component],
        "revised_first": _REVISED[facts.component].capitalize(),
        "kept": _KEPT[facts.component],
        "loose_words": _REVISED[loose],
        "loose_bare": _BARE[loose],
        "person": f"{age} {noun}",
        "a_person": f"{'an' if 80 <= facts.age <= 89 else 'a'} {age} {noun}",
        "years": f"{years} years" if years > 1 else "one year",
        "earlier_year": str(facts.performed_on.year - rng.randint(2, 9)),
        "earlier_date": month_text(implanted),
        "date_earlier": cast.date_text(rng, facts.performed_on - timedelta(days=rng.randint(9, 70))),
        "date_later": cast.date_text(rng, later(rng, facts.performed_on)),
        "Title": cast.title,
        "patient": cast.patient.surname,
        "doctor": cast.referrer.surname,
        "nurse_titled": f"[Sister|Ms|Nurse] {cast.nurse.surname}",
        "relative": f"{'his' if facts.sex == 'M' else 'her'} {kin} <name: {cast.relative.first}>",
        "phone": cast.phone,
    }

"""The invented people, dates and numbers of one note, each marked so that masking can be measured."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from demo.notes.facts import NoteFacts
from demo.notes.phrases.people import DEGREES, FIRST_NAMES, MONTHS, SURNAMES


@dataclass(frozen=True, slots=True)
class Actor:
    first: str
    last: str

    @property
    def full(self) -> str:
        return f"<name: {self.first} {self.last}>"

    @property
    def initial(self) -> str:
        return f"<name: {self.first[0]}. {self.last}>"

    @property
    def surname(self) -> str:
        return f"<name: {self.last}>"


@dataclass(frozen=True, slots=True)
class Cast:
    patient: Actor
    surgeon: Actor
    assistant: Actor
    anaesthetist: Actor
    nurse: Actor
    referrer: Actor
    relative: Actor
    title: str
    american: bool
    date_form: int
    degree: str
    record_number: str
    phone: str
    born_on: str
    operated_on: str

    def date_text(self, rng: random.Random, day: date) -> str:
        return _date_text(rng, day, self.american, self.date_form)


def draw_cast(rng: random.Random, facts: NoteFacts) -> Cast:
    american = any(word in facts.hospital for word in ("Medical Center", "Orthopedic"))
    surnames = rng.sample(SURNAMES, 6)
    anybody = FIRST_NAMES["F"] + FIRST_NAMES["M"]
    patient = Actor(rng.choice(FIRST_NAMES.get(facts.sex, anybody)), surnames[0])
    staff = [Actor(rng.choice(anybody), surname) for surname in surnames[1:]]
    relative = Actor(rng.choice([name for name in anybody if name != patient.first]), patient.last)
    born = date(facts.performed_on.year - facts.age, rng.randint(1, 12), rng.randint(1, 28))
    form = rng.randrange(len(_date_forms(born, american)))
    return Cast(
        patient=patient,
        surgeon=staff[0],
        assistant=staff[1],
        anaesthetist=staff[2],
        nurse=staff[3],
        referrer=staff[4],
        relative=relative,
        title="Mr" if facts.sex == "M" else rng.choice(("Mrs", "Mrs", "Ms")),
        american=american,
        date_form=form,
        degree=rng.choice(DEGREES[:2] if american else DEGREES),
        record_number=draw_record_number(rng),
        phone=draw_phone(rng, american),
        born_on=_date_text(rng, born, american, form),
        operated_on=_date_text(rng, facts.performed_on, american, form),
    )


def _date_text(rng: random.Random, day: date, american: bool, form: int) -> str:
    """Most notes write their dates in one way; now and then a template writes another."""
    forms = _date_forms(day, american)
    return f"<date: {forms[form] if rng.random() < 0.85 else rng.choice(forms)}>"


def _date_forms(day: date, american: bool) -> list[str]:
    month = MONTHS[day.month - 1]
    forms = [day.isoformat(), f"{day.day:02d}-{month[:3]}-{day.year}"]
    if american:
        return [
            *forms,
            f"{day.month:02d}/{day.day:02d}/{day.year}",
            f"{month} {day.day}, {day.year}",
            f"{day.month}/{day.day}/{day:%y}",
        ]
    return [
        *forms,
        f"{day.day:02d}.{day.month:02d}.{day.year}",
        f"{day.day} {month} {day.year}",
        f"{day.day:02d}/{day.month:02d}/{day.year}",
    ]


def month_text(day: date) -> str:
    return f"<date: {MONTHS[day.month - 1]} {day.year}>"


def later(rng: random.Random, day: date) -> date:
    return day + timedelta(days=rng.randint(28, 90))


def draw_record_number(rng: random.Random) -> str:
    number = rng.choice(
        (
            f"{rng.randint(100000, 99999999):08d}",
            f"{rng.randint(10, 99)}-{rng.randint(10, 99)}-{rng.randint(10, 99)}",
            f"H{rng.randint(100000, 999999)}",
        )
    )
    return f"<number: {number}>"


def draw_phone(rng: random.Random, american: bool) -> str:
    """Numbers from the ranges that are set aside for fiction."""
    if american:
        return f"({rng.randint(200, 989)}) 555-01{rng.randint(0, 99):02d}"
    return f"01632 960{rng.randint(0, 999):03d}"


def draw_lot(rng: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    if rng.random() < 0.5:
        return f"lot <number: {rng.randint(1, 9)}{rng.choice(letters)}{rng.randint(10000, 99999)}>"
    return f"REF <number: {rng.randint(10, 99)}-{rng.randint(1000, 9999)}-{rng.randint(10, 99)}>"

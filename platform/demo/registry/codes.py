"""ICD-10-CM codes of a hip prosthesis by side, as the registry writes them (with the dot)."""

from __future__ import annotations

from datetime import date

# Sixth digit 0 is the right hip and 1 the left in T84.0-; T84.5- and M97.0- count from 1.
_BY_SIDE = {
    "loosening": {"R": "T84.030", "L": "T84.031"},
    "broken": {"R": "T84.010", "L": "T84.011"},
    "dislocation": {"R": "T84.020", "L": "T84.021"},
    "fracture_old": {"R": "T84.040", "L": "T84.041"},
    "osteolysis": {"R": "T84.050", "L": "T84.051"},
    "wear": {"R": "T84.060", "L": "T84.061"},
    "other": {"R": "T84.090", "L": "T84.091"},
    "infection": {"R": "T84.51X", "L": "T84.52X"},
    "fracture": {"R": "M97.01X", "L": "M97.02X"},
}
_UNSIDED = {"infection_unspecified": "T84.50X"}
# M97 exists since fiscal year 2017; before it a periprosthetic fracture was T84.04-.
M97_SINCE = date(2016, 10, 1)

SECOND_REASONS = ("infection", "fracture", "dislocation", "osteolysis", "wear", "broken", "other")


def code_for(kind: str, side: str, on: date, encounter: str = "A") -> str:
    if kind in _UNSIDED:
        return _UNSIDED[kind] + encounter
    if kind == "fracture" and on < M97_SINCE:
        kind = "fracture_old"
    return _BY_SIDE[kind][side] + encounter


def presence_of_hip(side: str) -> str:
    return {"R": "Z96.641", "L": "Z96.642"}[side]


def arthritis_of_hip(side: str) -> str:
    return {"R": "M16.11", "L": "M16.12"}[side]


def pain_in_hip(side: str) -> str:
    return {"R": "M25.551", "L": "M25.552"}[side]


def other_side(side: str) -> str:
    return "L" if side == "R" else "R"


# Codes that must never matter: other joints' prostheses, and people's other illnesses.
KNEE_CODES = ("T84.032A", "T84.033A", "T84.53XA", "T84.54XA", "M97.11XA", "M97.12XA", "T84.022A")
BACKGROUND_CODES = (
    "I10",
    "E11.9",
    "E78.5",
    "I48.91",
    "J44.9",
    "M81.0",
    "E66.9",
    "N18.30",
    "Z79.01",
    "M17.11",
    "M17.12",
    "F32.A",
    "K21.9",
    "D64.9",
    "Z96.651",
    "Z96.652",
    "M54.50",
    "G47.33",
)

"""What the codes themselves tell: the side of the hip that they name, and whether they are written in full."""

from __future__ import annotations

import re

# Hip arthroplasty (CPT): primary, conversion, and the three revisions.
HIP_ARTHROPLASTY = {"27130", "27132", "27134", "27137", "27138"}
# ICD-10-CM codes of one hip. T84.0- counts its joints from 0 (right hip) and 1 (left hip); T84.5- and M97.0- from 1.
_RIGHT = re.compile(r"T84\.0[0-9]0|T84\.51|M97\.01|Z96\.641|M16\.11|M25\.551")
_LEFT = re.compile(r"T84\.0[0-9]1|T84\.52|M97\.02|Z96\.642|M16\.12|M25\.552")
# Those of them that say what went wrong with a prosthesis: in the words of PostgreSQL too.
RIGHT_COMPLICATION = r"^(T84\.0[0-9]0|T84\.51|M97\.01)"
LEFT_COMPLICATION = r"^(T84\.0[0-9]1|T84\.52|M97\.02)"
# These categories have a seventh character: initial encounter, subsequent encounter, sequela.
_WITH_ENCOUNTER = re.compile(r"T84\.|M97\.")
_ENCOUNTER = re.compile(r"[A-Z0-9]{3}\.[A-Z0-9]{3}[ADS]")


def side_of_diagnosis(icd10cm: str) -> str:
    """R or L where the code names one hip, else "" (both, neither, another joint, not said)."""
    if _RIGHT.match(icd10cm):
        return "R"
    return "L" if _LEFT.match(icd10cm) else ""


def side_of_modifiers(modifiers: str) -> str:
    """R or L where the CPT modifiers name exactly one side, else ""."""
    named = {"RT", "LT"}.intersection(modifiers.split(";"))
    return {"RT": "R", "LT": "L"}[named.pop()] if len(named) == 1 else ""


def about_cpt(cpt: str) -> str:
    return "" if cpt in HIP_ARTHROPLASTY else "is no hip arthroplasty that the cohort rules know"


def about_icd10cm(icd10cm: str) -> str:
    if _WITH_ENCOUNTER.match(icd10cm) and not _ENCOUNTER.fullmatch(icd10cm):
        return "has no seventh character A, D or S"
    return ""

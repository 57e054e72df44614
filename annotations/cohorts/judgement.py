"""Why the rules keep one patient or let them go: every test with its outcome and the rows that decided.

The same rules as in `cohort_queries`, written down a second time for one patient and for people's eyes. A test lets
both judge the same registries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from annotations.cohorts.code_patterns import matches
from annotations.cohorts.cohort_queries import COMPARISON_TESTS, REVISION_TESTS
from annotations.cohorts.rules import Rules


@dataclass(frozen=True, slots=True)
class Operation:
    row: int
    day: date
    side: str
    cpt: str
    modifiers: str
    cup: str
    stem: str


@dataclass(frozen=True, slots=True)
class Finding:
    row: int
    day: date
    code: str


@dataclass(frozen=True, slots=True)
class Visit:
    row: int
    day: date
    side: str
    complication: str


@dataclass(frozen=True, slots=True)
class PatientRows:
    """What the registry holds of one patient. `row` is the registry's own order, which settles ties."""

    operations: Sequence[Operation]
    findings: Sequence[Finding]
    visits: Sequence[Visit]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question to an operation: passed or failed, and by which rows. Not asked any more after the first failure."""

    key: str
    passed: bool
    operations: tuple[int, ...] = ()
    findings: tuple[int, ...] = ()
    visits: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One operation with the tests it was put to, in order; `fails` names the one it failed, or is empty."""

    operation: Operation
    tests: tuple[Outcome, ...]

    @property
    def fails(self) -> str:
        return "" if self.tests[-1].passed else self.tests[-1].key


@dataclass(frozen=True, slots=True)
class Judgement:
    excluded_at_step: str
    reason: str
    # Why a patient who was never operated on again is not eligible as well fixed, "" if so; None for all others.
    comparison_reason: str | None
    index: Operation | None
    revisions: tuple[Judged, ...] = field(default=())
    primaries: tuple[Judged, ...] = field(default=())


def judge(rows: PatientRows, rules: Rules) -> Judgement:
    primaries = _first_primaries(rows, rules)
    revisions = [o for o in rows.operations if matches(o.cpt, rules.revision)]
    by_hand = [o for o in revisions if _is_by_hand(o, rules)]
    judged = [_revision(o, rows, primaries, rules) for o in revisions if o not in by_hand]
    best = min(judged, key=lambda one: _furthest(one, REVISION_TESTS), default=None)
    index = best.operation if best else None
    if not primaries:
        return Judgement("registry", "no_primary", None, index, tuple(judged))
    if best is not None:
        return Judgement("coded" if best.fails else "", best.fails, None, index, tuple(judged))
    if by_hand:
        return Judgement("revised", "review_by_hand", None, None)
    candidates = [_primary(o, rows, rules) for o in primaries.values()]
    well = min(candidates, key=lambda one: _furthest(one, COMPARISON_TESTS))
    return Judgement("revised", "never_revised", well.fails, well.operation, (), tuple(candidates))


def _furthest(judged: Judged, tests: Sequence[str]) -> tuple[int, date, int]:
    return -tests.index(judged.fails), judged.operation.day, judged.operation.row


def _first_primaries(rows: PatientRows, rules: Rules) -> dict[str, Operation]:
    """The first total replacement of each side; of two on one day the one with less cement, then the first row."""
    order = ("cementless", "cemented", "unknown")
    first: dict[str, Operation] = {}
    for operation in sorted(
        (o for o in rows.operations if matches(o.cpt, rules.primary)),
        key=lambda o: (o.day, order.index(o.cup), order.index(o.stem), o.row),
    ):
        first.setdefault(operation.side, operation)
    return first


def _is_by_hand(operation: Operation, rules: Rules) -> bool:
    return bool(set(operation.modifiers.split(";")) & set(rules.without_modifiers)) and bool(operation.modifiers)


def _first_failure(tests: Iterator[Outcome]) -> tuple[Outcome, ...]:
    asked = []
    for test in tests:
        asked.append(test)
        if not test.passed:
            break
    return tuple(asked)


def _revision(operation: Operation, rows: PatientRows, primaries: dict[str, Operation], rules: Rules) -> Judged:
    return Judged(operation, _first_failure(_revision_tests(operation, rows, primaries.get(operation.side), rules)))


def _revision_tests(
    operation: Operation, rows: PatientRows, first: Operation | None, rules: Rules
) -> Iterator[Outcome]:
    yield from _code_tests(operation, rows, rules)
    days = (operation.day - first.day).days if first else -1
    of_first = (first.row,) if first else ()
    yield Outcome("no_primary_on_hip", days >= 0, of_first)
    within = rules.since_primary_minimum <= days <= rules.since_primary_maximum
    yield Outcome("outside_interval", within, of_first)
    assert first is not None
    yield from _fixation_tests(first, asked=rules.cementless)
    yield _excluded_code(rows, rules)
    if rules.only_reason:
        second = [f.row for f in rows.findings if _in_window(f, operation, rules) and _is_second(f, operation, rules)]
        yield Outcome("second_reason", not second, findings=tuple(second))


def _code_tests(operation: Operation, rows: PatientRows, rules: Rules) -> Iterator[Outcome]:
    """Whether the reason is coded, in the window and for this side. Each failure says how near the codes came."""
    mine = [f for f in rows.findings if matches(f.code, _reason(operation.side, rules))]
    other = [f for f in rows.findings if matches(f.code, _reason("L" if operation.side == "R" else "R", rules))]
    if not rules.side_agreement:
        mine, other = [f for f in rows.findings if f in mine or f in other], []
    near = tuple(f.row for f in mine if _in_window(f, operation, rules))
    other_near = tuple(f.row for f in other if _in_window(f, operation, rules))
    yield Outcome("no_loosening_code", bool(mine or other_near), findings=tuple(f.row for f in mine) or other_near)
    yield Outcome("outside_window", bool(near or other_near), findings=near or other_near or tuple(f.row for f in mine))
    if rules.side_agreement:
        yield Outcome("side_mismatch", bool(near), findings=near or other_near)


def _reason(side: str, rules: Rules) -> list[str]:
    return rules.reason_right if side == "R" else rules.reason_left


def _is_reason(finding: Finding, rules: Rules) -> bool:
    return matches(finding.code, rules.reason_right) or matches(finding.code, rules.reason_left)


def _is_second(finding: Finding, operation: Operation, rules: Rules) -> bool:
    lists = {"R": rules.second_right, "L": rules.second_left}
    sides = [operation.side] if rules.side_agreement else ["R", "L"]
    return not _is_reason(finding, rules) and any(matches(finding.code, lists[side]) for side in sides)


def _in_window(finding: Finding, operation: Operation, rules: Rules) -> bool:
    return -rules.days_before <= (finding.day - operation.day).days <= rules.days_after


def _fixation_tests(first: Operation, *, asked: bool) -> Iterator[Outcome]:
    if asked:
        yield Outcome("not_cementless", "cemented" not in (first.cup, first.stem), (first.row,))
        yield Outcome("fixation_unknown", "unknown" not in (first.cup, first.stem), (first.row,))


def _excluded_code(rows: PatientRows, rules: Rules) -> Outcome:
    found = tuple(f.row for f in rows.findings if matches(f.code, rules.exclusion))
    return Outcome("excluded_code", not found, findings=found)


def _primary(operation: Operation, rows: PatientRows, rules: Rules) -> Judged:
    return Judged(operation, _first_failure(_comparison_tests(operation, rows, rules)))


def _comparison_tests(operation: Operation, rows: PatientRows, rules: Rules) -> Iterator[Outcome]:
    others = tuple(o.row for o in rows.operations if not matches(o.cpt, rules.primary))
    yield Outcome("other_operation", not others, others)
    reasons = tuple(f.row for f in rows.findings if _is_reason(f, rules))
    yield Outcome("loosening_code", not reasons, findings=reasons)
    yield _excluded_code(rows, rules)
    if rules.comparison_no_complication:
        both = rules.second_right + rules.second_left
        second = tuple(f.row for f in rows.findings if matches(f.code, both) and not _is_reason(f, rules))
        yield Outcome("complication_code", not second, findings=second)
        reported = tuple(v.row for v in rows.visits if v.complication != "none")
        yield Outcome("complication", not reported, visits=reported)
    yield from _fixation_tests(operation, asked=rules.comparison_cementless)
    last = max((v for v in rows.visits if v.side == operation.side), key=lambda v: (v.day, v.row), default=None)
    followed = last is not None and (last.day - operation.day).days >= rules.minimum_follow_up_days
    yield Outcome("follow_up_too_short", followed, (operation.row,), visits=(last.row,) if last else ())

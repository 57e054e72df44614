from __future__ import annotations

import pytest
from rest_framework.test import APIClient

from annotations.reads.answers import full_answer, roc_score
from annotations.reads.canonical import canonical_reads, signature_holds
from annotations.reads.findings import GRUEN_ZONES, problems_of
from annotations.reads.models import Conclusion, Read, ReadProtocol, ReadSession, Signature
from annotations.reads.selectors import answers_for_analysis
from annotations.reads.services import unblind_protocol
from tests.factories import client_of, make_session, read_at
from tests.reads_tests.reading import full_form, may_answer_in_full, open_case, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(protocol: ReadProtocol) -> ReadSession:
    may_answer_in_full(protocol)
    return make_session(protocol)


def _send(client: APIClient, code: str, **body: object) -> tuple[int, dict[str, object]]:
    answer = client.post(f"/api/v1/reading/cases/{code}/submit", body, format="json")
    return answer.status_code, answer.json()


def test_it_keeps_a_draft_with_findings_and_gives_it_back(session: ReadSession) -> None:
    client = client_of(session.reader)
    case = f"/api/v1/reading/cases/{read_at(session, 1).code}"
    client.post(f"{case}/open")
    half = {"zones": {"G3": "under_1_mm"}, "stem": {"conclusion": "possibly_loose"}}
    saved = client.put(f"{case}/draft", {"revision": 1, "findings": half, "comment": "thin"}, format="json")
    assert saved.status_code == 200
    body = client.get(case).json()
    assert body["form"] == "full"
    assert body["draft"]["findings"]["zones"]["G3"] == "under_1_mm"
    assert body["draft"]["findings"]["stem"]["conclusion"] == "possibly_loose"
    assert body["draft"]["findings"]["cup"]["conclusion"] is None  # nothing is answered beforehand


def test_it_locks_the_worse_component_as_the_case(session: ReadSession) -> None:
    client = client_of(session.reader)
    code = read_at(session, 1).code
    open_case(client, code)
    assert _send(client, code, findings=full_form(), comment="A wide line.")[0] == 200
    read = read_at(session, 1)
    assert (read.call, read.confidence, read.conclusion) == ("loose", None, "probably_loose")
    assert read.findings["marks"] == [{"zone": "G1", "kind": "line", "points": [[10.5, 20.0], [12.0, 60.0]]}]
    assert read.findings["scalloping"] == ["G6"]


@pytest.mark.parametrize(
    ("cup", "stem", "call", "conclusion", "score"),
    [
        ("definitely_loose", "definitely_well_fixed", "loose", "definitely_loose", 3),
        ("possibly_loose", "probably_loose", "loose", "probably_loose", 2),
        ("possibly_loose", "cannot_assess", "loose", "possibly_loose", 1),
        ("possibly_well_fixed", "definitely_well_fixed", "well_fixed", "possibly_well_fixed", -1),
        ("definitely_well_fixed", "definitely_well_fixed", "well_fixed", "definitely_well_fixed", -3),
        ("probably_well_fixed", "cannot_assess", "cannot_assess", "", None),
        ("cannot_assess", "cannot_assess", "cannot_assess", "", None),
    ],
)
def test_it_makes_call_and_score_of_both_conclusions(
    cup: str, stem: str, call: str, conclusion: str, score: int | None
) -> None:
    answer = full_answer(full_form(cup, stem))
    assert (answer.call, answer.conclusion) == (call, conclusion)
    assert roc_score(answer.call, answer.confidence, answer.conclusion) == score


def test_it_orders_the_scale_as_its_scores() -> None:
    scores = [
        roc_score("loose" if value.endswith("_loose") else "well_fixed", None, value) for value in Conclusion.values
    ]
    assert scores == [3, 2, 1, -1, -2, -3]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"image_quality": None}, "findings.image_quality"),
        ({"zones": dict.fromkeys(GRUEN_ZONES, "none")}, "findings.zones.D1"),
        ({"cup": {"conclusion": None}}, "findings.cup.conclusion"),
    ],
)
def test_it_names_what_is_missing(session: ReadSession, changes: dict[str, object], field: str) -> None:
    client = client_of(session.reader)
    code = read_at(session, 1).code
    open_case(client, code)
    status, body = _send(client, code, findings=full_form(changes=changes))
    assert (status, body["code"]) == (400, "answer_invalid")
    assert field in {detail["field"] for detail in body["details"]}  # type: ignore[attr-defined]
    assert read_at(session, 1).state == "opened"


@pytest.mark.parametrize(
    "changes",
    [
        {"zones": {"G8": "none"}},
        {"zones": {"G1": "3 mm"}},
        {"scalloping": ["D1"]},
        {"scalloping": ["G1", "G1"]},
        {"cup": {"conclusion": "loose"}},
        {"cup": {"subsidence": "absent"}},
        {"marks": [{"zone": "G1", "kind": "line", "points": [[1, 2]]}]},
        {"marks": [{"zone": "X", "kind": "point", "points": [[1, 2]]}]},
        {"marks": [{"zone": "G1", "kind": "point", "points": [[-1, 2]]}]},
        {"marks": [{"zone": "G1", "kind": "point", "points": [[True, 2]]}]},
        {"marks": [{"kind": "point", "points": [[1, 2]]}]},
        {"truth": "loose"},
    ],
)
def test_it_takes_nothing_that_is_no_part_of_the_form(changes: dict[str, object]) -> None:
    assert problems_of(full_form(changes=changes), complete=False)


def test_it_refuses_marks_beyond_the_picture(session: ReadSession) -> None:
    client = client_of(session.reader)
    code = read_at(session, 1).code
    open_case(client, code)
    outside = [{"zone": "G1", "kind": "point", "points": [[60_000, 5]]}]
    status, body = _send(client, code, findings=full_form(changes={"marks": outside}))
    assert (status, body["code"]) == (400, "answer_invalid")


def test_it_wants_the_form_that_the_protocol_asks_for(session: ReadSession) -> None:
    client = client_of(session.reader)
    code = read_at(session, 1).code
    open_case(client, code)
    assert _send(client, code, call="loose", confidence=80)[0] == 400


def test_it_refuses_findings_in_a_quick_protocol(protocol: ReadProtocol) -> None:
    quick = make_session(protocol)
    client = client_of(quick.reader)
    code = read_at(quick, 1).code
    open_case(client, code)
    draft = {"revision": 1, "findings": {"image_quality": "good"}}
    assert client.put(f"/api/v1/reading/cases/{code}/draft", draft, format="json").status_code == 400
    assert _send(client, code, call="loose", confidence=80, findings=full_form())[0] == 400


def test_it_takes_the_same_form_twice_as_one_and_another_as_locked(session: ReadSession) -> None:
    client = client_of(session.reader)
    code = read_at(session, 1).code
    open_case(client, code)
    assert _send(client, code, findings=full_form())[0] == 200
    # Other keys' order, and what is null left out: the same answer.
    again = dict(reversed(list(full_form().items())))
    again["cup"] = {"migration": "absent", "conclusion": "definitely_well_fixed"}
    assert _send(client, code, findings=again)[0] == 200
    assert _send(client, code, findings=full_form(stem_is="definitely_loose"))[1]["code"] == "locked"


def test_it_is_under_the_signature_and_reaches_the_analysis(session: ReadSession) -> None:
    client = client_of(session.reader)
    for read in Read.objects.filter(session=session).order_by("position"):
        open_case(client, read.code)
        assert _send(client, read.code, findings=full_form())[0] == 200
    sign(session)
    signature = Signature.objects.get(session=session)
    assert signature_holds(signature)
    assert '"G1":"over_2_mm"' in canonical_reads(session)
    session.refresh_from_db()
    unblind_protocol(protocol=session.protocol, actor=None, reason="All have read.")
    session = ReadSession.objects.select_related("protocol").get(pk=session.pk)
    answers = answers_for_analysis(session)
    assert {(a.call, a.confidence, a.conclusion, a.roc_score) for a in answers} == {
        ("loose", None, "probably_loose", 2)
    }

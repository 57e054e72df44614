"""`python -m mlworker.statistics` from a spreadsheet to JSON, text and a page, without Django or a database."""

from __future__ import annotations

import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import mcnemar

from mlworker.statistics.__main__ import EXAMPLE, main
from mlworker.statistics.delong import auc_delong, delong_paired
from mlworker.statistics.mrmc import model_against_panel
from mlworker.statistics.multiplicity import adjust
from mlworker.statistics.paired import attainable

ROOT = Path(__file__).resolve().parent.parent.parent


def the_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    assert main(list(arguments)) == 0
    return json.loads(capsys.readouterr().out, parse_constant=pytest.fail)


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    """The example's analysis, with few replicates."""
    command = [sys.executable, "-m", "mlworker.statistics", "compare", str(EXAMPLE), "--json", "--replicates", "200"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def the_columns(rater: str, session: int = 1) -> tuple[list[int], list[int], list[float]]:
    rows = [line.split(",") for line in EXAMPLE.read_text().splitlines()[1:]]
    own = [row for row in rows if row[3] == rater and int(row[5]) == session]
    return [int(r[2]) for r in own], [int(r[6]) for r in own], [float(r[7]) for r in own]


def rater_of(found: dict[str, Any], key: str) -> dict[str, Any]:
    return next(one for one in found["raters"] if one["key"] == key)


def test_it_knows_neither_django_nor_keras() -> None:
    code = (
        "import sys; from mlworker.statistics.__main__ import main; main(['plan', 'margins', '--first', '9', "
        "'--second', '12', '--n', '12']); from mlworker.statistics.spreadsheet import page; "
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'django', 'keras', 'tensorflow', 'celery', 'torch'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_it_gives_each_raters_figures_unrounded(example: dict[str, Any]) -> None:
    assert (example["cases"], example["positives"], example["clustered"]) == (48, 24, False)
    for key, session in (("densenet201", 1), ("surgeon_b", 1), ("surgeon_b, session 2", 2)):
        truth, calls, scores = the_columns(key.split(",")[0], session)
        one, y, c = rater_of(example, key), np.array(truth), np.array(calls)
        assert one["table"]["tp"] == int((y & c).sum())
        assert one["table"]["sensitivity"]["value"] == (y & c).sum() / y.sum()
        assert one["table"]["sensitivity"]["method"] == "wilson"
        assert one["exact"]["sensitivity"]["method"] == "clopper-pearson"
        area = auc_delong(truth, scores)
        assert one["area"]["auc"] == area.auc
        assert one["area"]["headline"]["lower"] == area.headline.lower


def test_it_compares_every_pair(example: dict[str, Any]) -> None:
    assert len(example["pairs"]) == 15
    pair = next(p for p in example["pairs"] if (p["first"], p["second"]) == ("xception", "surgeon_a"))
    (truth, first, scores1), (_, second, scores2) = the_columns("xception"), the_columns("surgeon_a")
    negatives = [(a == 0, b == 0) for y, a, b in zip(truth, first, second, strict=True) if y == 0]
    b, c = sum(x and not y for x, y in negatives), sum(y and not x for x, y in negatives)
    assert (pair["specificity"]["only_first"], pair["specificity"]["only_second"]) == (b, c)
    assert pair["specificity"]["mcnemar"]["p_exact"] == pytest.approx(mcnemar([[0, b], [c, 0]], exact=True).pvalue)
    assert pair["specificity"]["difference"]["method"] == "tango"
    assert pair["area"]["p_value"] == delong_paired(truth, scores1, scores2).p_value
    assert {point["wanted"] for point in pair["at_operating_point"]} == {"sensitivity", "specificity"}
    assert all(point["optimistic"] for point in pair["at_operating_point"])


def test_it_sets_readers_and_cases_random(example: dict[str, Any]) -> None:
    readers = example["readers"]
    assert readers["readers"] == ["surgeon_a", "surgeon_b", "surgeon_c"]
    against = readers["models"]["auc"][0]["result"]
    areas = [auc_delong(truth, scores).auc for truth, _, scores in map(the_columns, readers["readers"])]
    assert against["panel_mean"] == pytest.approx(np.mean(np.array(areas, dtype=float)))
    assert against["method"] == "1T-RRRC delong"
    assert set(readers["sessions"]) == {"auc", "sensitivity", "specificity"}
    assert readers["sessions"]["auc"]["treatments"] == 2


def test_it_adjusts_over_the_models(example: dict[str, Any]) -> None:
    family = next(f for f in example["multiplicity"] if f["name"] == "auc: models against surgeon_c")
    assert [c.split(" ")[0] for c in family["comparisons"]] == ["densenet201", "xception", "vgg19"]
    assert family["adjusted"] == list(adjust(family["raw"]).adjusted)


def test_it_finds_one_reader_agreeing_with_himself(example: dict[str, Any]) -> None:
    within = {(w["first"], w["second"]): w for w in example["agreement"]["within"]}
    assert set(within) == {(f"surgeon_{x}", f"surgeon_{x}, session 2") for x in "abc"}
    _, first, _ = the_columns("surgeon_a")
    _, second, _ = the_columns("surgeon_a", 2)
    assert within["surgeon_a", "surgeon_a, session 2"]["kappa"]["agreement"] == np.mean(np.equal(first, second))


def test_it_gives_subgroups_and_keeps_small_ones_to_their_number(example: dict[str, Any]) -> None:
    assert {g["column"] for g in example["subgroups"]} == {"site", "sex", "side"}
    for group in example["subgroups"]:
        assert group["suppressed"] == (group["cases"] < 10)
        assert bool(group["raters"]) != group["suppressed"]


def test_it_writes_the_same_bytes_twice(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        out = tmp_path / f"{name}.html"
        assert main(["compare", str(EXAMPLE), "--json", "--replicates", "50", "--html", str(out)]) == 0
        written.append((capsys.readouterr().out, out.read_bytes()))
    assert written[0] == written[1]


class _Page(HTMLParser):
    """Every tag closed, nothing loaded from elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []
        self.figures = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [str(value) for name, value in attrs if name in {"src", "href"}]
        self.figures += tag == "svg"
        if tag not in {"meta"}:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [str(value) for name, value in attrs if name in {"src", "href"}]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_it_writes_a_page_that_needs_nothing_else(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    odd, out = tmp_path / "<b>odd & co.csv", tmp_path / "out.html"
    odd.write_text(EXAMPLE.read_text().replace("surgeon_a", "Dr. <script>alert(1)</script>"))
    assert main(["compare", str(odd), "--html", str(out), "--replicates", "50"]) == 0
    text = out.read_text()
    assert "<script" not in text
    assert "Dr. &lt;script&gt;" in text
    parser = _Page()
    parser.feed(text)
    assert (parser.open, parser.links) == ([], [])
    assert parser.figures > 8
    assert "specificity" in capsys.readouterr().out


def the_single_ones(capsys: pytest.CaptureFixture[str]) -> Any:
    return the_json(capsys, "compare", str(EXAMPLE), "--json", "--replicates", "50")


def test_it_takes_the_jackknifes_covariances(capsys: pytest.CaptureFixture[str]) -> None:
    found = the_json(capsys, "compare", str(EXAMPLE), "--json", "--replicates", "50", "--covariance", "jackknife")
    readers = [scores for _, _, scores in map(the_columns, ("surgeon_a", "surgeon_b", "surgeon_c"))]
    truth, _, model = the_columns("xception")
    against = next(a for a in found["readers"]["models"]["auc"] if a["model"] == "xception")
    assert against["result"]["se"] == model_against_panel(truth, model, readers, method="jackknife").se


def test_it_draws_patients_where_they_have_several_cases(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    file = tmp_path / "hips.csv"
    lines = EXAMPLE.read_text().splitlines()
    rows = [line.split(",") for line in lines[1:]]
    for row in rows:
        row[1] = f"P{(int(row[0][1:]) + 1) // 2}"
    file.write_text("\n".join([lines[0], *(",".join(row) for row in rows)]) + "\n")
    found = the_json(capsys, "compare", str(file), "--json", "--replicates", "200")
    assert (found["clustered"], found["patients"]) == (True, 24)
    over_patients = found["readers"]["models"]["auc"][0]["result"]["se"]
    assert over_patients != pytest.approx(the_single_ones(capsys)["readers"]["models"]["auc"][0]["result"]["se"])
    refused = the_json(capsys, "compare", str(file), "--json", "--replicates", "50", "--covariance", "jackknife")
    assert "the jackknife takes cases as independent" in refused["readers"]["undefined"]
    assert set(found["raters"][0]["clustered"]) == {"auc", "sensitivity", "specificity"}
    family = next(f for f in found["multiplicity"] if f["name"] == "specificity: models against surgeon_a")
    tested = [p["clustered"]["specificity"]["p_value"] for p in found["pairs"] if p["second"] == "surgeon_a"]
    assert family["raw"] == tested[:3]
    assert any("not independent" in " ".join(r.split()) for r in found["remarks"])


def a_file(tmp_path: Path, rows: list[str]) -> str:
    file = tmp_path / "small.csv"
    file.write_text("case,patient,truth,rater,kind,session,call,score\n" + "\n".join(rows) + "\n")
    return str(file)


@pytest.mark.parametrize(
    ("truth", "scores"),
    [
        ("1111", (0.1, 0.2, 0.3, 0.4)),
        ("0101", (0.5, 0.5, 0.5, 0.5)),
        ("0011", (0.1, 0.2, 0.8, 0.9)),
        ("1100", (0.1, 0.2, 0.8, 0.9)),
        ("01", (0.3, 0.6)),
        ("1", (0.3,)),
    ],
)
def test_it_gives_every_degenerate_table_a_defined_answer(
    truth: str, scores: tuple[float, ...], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    rows = [
        f"C{i},P{i},{y},{rater},{kind},1,{int(s >= 0.5)},{s}"
        for rater, kind in (("net", "model"), ("other", "model"), ("surgeon", "reader"))
        for i, (y, s) in enumerate(zip(truth, scores, strict=True))
    ]
    out = tmp_path / "out.html"
    found = the_json(capsys, "compare", a_file(tmp_path, rows), "--json", "--replicates", "50", "--html", str(out))
    for one in found["raters"]:
        for name in ("sensitivity", "specificity"):
            estimate = one["table"][name]
            assert (estimate["value"] is None) == bool(estimate["undefined"])
        area = one["area"]
        assert (area["auc"] is None) == bool(area["undefined"])
        assert (area["headline"]["lower"] is None) == bool(area["headline"]["undefined"])
    for pair in found["pairs"]:
        assert pair["area"]["p_value"] == 1.0 or pair["area"]["undefined"]
    main(["compare", a_file(tmp_path, rows), "--replicates", "50"])
    assert "could not be significant" in capsys.readouterr().out


def test_it_has_no_area_of_a_reader_without_confidence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    rows = [
        f"C{i},P{i},{i % 2},{rater},{kind},1,{call if rater == 'surgeon' else ''},{score if rater == 'net' else ''}"
        for rater, kind in (("net", "model"), ("surgeon", "reader"))
        for i, (call, score) in enumerate([("1", 0.7), ("", 0.4), ("0", 0.2), ("1", 0.9)])
    ]
    file = a_file(tmp_path, rows)
    found = the_json(capsys, "compare", file, "--json", "--replicates", "50", "--threshold", "net=0.5")
    reader = rater_of(found, "surgeon")
    assert "single point" in reader["area_undefined"]
    assert reader["not_assessed"] == ["C1"]
    assert any("surgeon could not assess 1 of 4 cases" in r and "C1" in r for r in found["remarks"])
    assert any("holds for this reader alone" in r for r in found["remarks"])
    assert rater_of(found, "net")["table"]["tp"] == 1
    assert found["pairs"][0]["left_out"] == ["C1"]
    silent = the_json(capsys, "compare", file, "--json", "--replicates", "50")
    assert rater_of(silent, "net")["table"] is None
    assert "no threshold" in rater_of(silent, "net")["table_undefined"]


def test_it_refuses_a_broken_file_with_its_rows(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["compare", a_file(tmp_path, ["C1,P1,1,net,model,1,maybe,0.4"])]) == 2
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "row 2, column call: “maybe” is neither 0 nor 1.\n")
    assert main(["compare", str(tmp_path / "absent.csv")]) == 2
    assert "absent.csv" in capsys.readouterr().err
    assert main(["compare", str(EXAMPLE), "--subgroup", "hospital"]) == 2
    assert "There is no column hospital" in capsys.readouterr().err


def test_it_draws_the_decision_curve_at_the_clinics_prevalence(capsys: pytest.CaptureFixture[str]) -> None:
    found = the_json(capsys, "compare", str(EXAMPLE), "--json", "--replicates", "50", "--prevalence", "0.05")
    curve = rater_of(found, "xception")["decision"]
    assert (curve["prevalence"], curve["prevalence_given"]) == (0.05, True)


def test_it_plans_the_next_study(capsys: pytest.CaptureFixture[str]) -> None:
    margins = the_json(capsys, "plan", "margins", "--first", "9", "--second", "12", "--n", "12", "--json")
    assert margins == attainable(9, 12, 12).to_dict()
    assert main(["plan", "margins", "--first", "9", "--second", "12", "--n", "12"]) == 0
    assert "at most 3 one-way discordant cases, smallest attainable p = 0.25" in capsys.readouterr().out
    area = the_json(capsys, "plan", "auc", "--auc", "0.84", "--positives", "12", "--negatives", "12", "--json")
    assert area["method"] == "hanley-mcneil-logit"
    cases = the_json(capsys, "plan", "mcnemar", "--only-first", "0.25", "--only-second", "0.05", "--json")
    assert cases["power"] >= 0.8
    panel = ["plan", "panel", str(EXAMPLE), "--model", "densenet201", "--difference", "0.1", "--readers", "4", "--json"]
    needed = the_json(capsys, *panel)
    assert the_json(capsys, *panel, "--cases", str(needed["cases"] - 1))["power"] < 0.8 <= needed["power"]
    assert main(["plan", "auc", "--auc", "0.84"]) == 2
    assert "--half-width" in capsys.readouterr().err

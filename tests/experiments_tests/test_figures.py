from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from mlworker.experiments.figures import FIGURES
from mlworker.experiments.models import Comparison
from tests.experiments_tests.small_study import SmallStudy
from tests.experiments_tests.three_models import made
from tests.factories import client_of

pytestmark = pytest.mark.django_db(transaction=True)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def three(transactional_db: None) -> tuple[SmallStudy, Comparison]:
    return made()


def test_it_draws_every_figure_alike_each_time_as_svg_and_pdf(three: tuple[SmallStudy, Comparison]) -> None:
    small, comparison = three
    page = client_of(small.researcher)
    address = f"/api/v1/studies/{small.study.slug}/comparisons/{comparison.pk}"
    assert page.get(address).json()["figures"] == list(FIGURES)
    for name in FIGURES:
        svg = page.get(f"{address}/figures/{name}")
        assert svg["Content-Type"] == "image/svg+xml"
        root = ElementTree.fromstring(svg.content)
        assert root.find(f"{SVG}title") is not None
        numbers = re.findall(r'(?:x|y|cx|cy|width|height|d)="([^"]*)"', svg.content.decode())
        assert not [text for text in numbers if "nan" in text or "inf" in text], name
        assert page.get(f"{address}/figures/{name}").content == svg.content
        first, second = (page.get(f"{address}/figures/{name}", {"form": "pdf"}).content for _ in range(2))
        assert first.startswith(b"%PDF-")
        assert first == second
    assert page.get(f"{address}/figures/beauty").status_code == 404
    assert page.get(f"{address}/figures/roc", {"form": "gif"}).status_code == 400


def test_it_says_the_threshold_at_each_point_of_a_curve(three: tuple[SmallStudy, Comparison]) -> None:
    small, comparison = three
    page = client_of(small.researcher)
    address = f"/api/v1/studies/{small.study.slug}/comparisons/{comparison.pk}/figures/roc"
    root = ElementTree.fromstring(page.get(address).content)
    said = [spot.findtext(f"{SVG}title") or "" for spot in root.iter(f"{SVG}circle") if spot.get("class") == "spot"]
    cnn = [words.splitlines() for words in said if words.startswith("DenseNet-201\n")]
    assert ["DenseNet-201", "threshold 0.900", "Sensitivity 0.083", "Specificity 1.000"] in cnn
    assert any(words[1] == "at its fixed threshold 0.500" and words[2].startswith("Sensitivity 0.917 (0.646 to 0.985")
               for words in cnn)  # fmt: skip


def test_it_draws_the_decision_curve_of_the_stated_prevalence(three: tuple[SmallStudy, Comparison]) -> None:
    small, comparison = three
    page = client_of(small.researcher)
    address = f"/api/v1/studies/{small.study.slug}/comparisons/{comparison.pk}/figures/decision-curve"
    assert "Prevalence 50.0%" in page.get(address).content.decode()
    given = page.get(address, {"prevalence": 0.02}).content.decode()
    assert "Prevalence 2.0%" in given
    assert "as stated" in given

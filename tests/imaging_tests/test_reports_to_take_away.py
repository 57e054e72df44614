"""The report of an upload and of a file: what was kept, replaced and dropped, without a value and without a name."""

from __future__ import annotations

import csv
import io
import json

import pytest

from annotations.imaging.models import IntakeFile
from annotations.imaging.receiving import Upload, receive_files
from annotations.imaging.services import process_intake_file
from studies.models import Role, Study
from tests.factories import client_of, make_member, make_study
from tests.radiograph_files import dicom_file, film, picture_file, pixels

pytestmark = pytest.mark.django_db
PLANT = "PLANTED"


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


@pytest.fixture
def address(study: Study) -> str:
    """Of an upload of two clean files of which one has a private element, a picture, one with text, and one refused."""
    with_institution = dicom_file(pixels(1), InstitutionName=PLANT, BodyPartExamined=PLANT)
    files = [with_institution, dicom_file(pixels(2)), picture_file("PNG", 3), dicom_file(film(f"{PLANT} 471")), b"text"]
    uploads = [Upload(f"{PLANT}-{number}.dcm", data) for number, data in enumerate(files)]
    batch = receive_files(study=study, uploads=uploads, actor=None)
    for file in IntakeFile.objects.filter(batch=batch):
        process_intake_file(file.pk, worker_name="a test")
    return f"/api/v1/studies/{study.slug}/intake/{batch.pk}"


def test_it_sums_up_an_upload(study: Study, address: str) -> None:
    answer = client_of(make_member(study, Role.COORDINATOR)).get(f"{address}/report")
    report = answer.json()
    assert report["outcomes"] == {"accepted": 3, "quarantined": 1, "refused": 1, "unpacked": 0}
    assert report["reasons"] == {"burned_in_text": 1, "type_unknown": 1}
    assert report["burned_in_text"] == {"checked, none found": 3, "checked, some found": 1}
    assert report["files_cleaned_by_profile"] == {report["profile_version"]: 4}
    elements = report["elements"]
    assert elements["dropped"]["InstitutionName"] == 1
    assert elements["value_not_allowed"] == {"BodyPartExamined": 1}
    assert elements["kept"]["Modality"] == elements["replaced"]["SOPInstanceUID"] == 3
    assert len(report["files"]) == 5
    assert PLANT not in answer.content.decode()
    assert "attachment" in answer["Content-Disposition"]


def test_it_gives_the_same_as_a_table(study: Study, address: str) -> None:
    client = client_of(make_member(study, Role.COORDINATOR))
    elements = client.get(f"{address}/report").json()["elements"]
    answer = client.get(f"{address}/report.csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    assert {(row["action"], row["element"]): int(row["files"]) for row in rows} == {
        (action, name): files for action, counts in elements.items() for name, files in counts.items()
    }
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_it_gives_a_report_for_each_file(study: Study, address: str) -> None:
    client = client_of(make_member(study, Role.COORDINATOR))
    ids = IntakeFile.objects.filter(batch__study=study).order_by("pk").values_list("pk", flat=True)
    reports = [client.get(f"{address}/files/{pk}/report").json() for pk in ids]
    assert [report["outcome"] for report in reports] == ["accepted", "accepted", "accepted", "quarantined", "refused"]
    assert reports[0]["deidentification"]["dropped"].count("InstitutionName") == 1
    assert reports[4]["deidentification"] is None
    assert reports[4]["reason"] == "The file is neither DICOM nor JPEG nor PNG."
    assert PLANT not in json.dumps(reports)
    assert client.get(f"{address}/files/{10**9}/report").status_code == 404

"""Parquet and FHIR give the same registry as CSV."""

from __future__ import annotations

import base64
import json
import tracemalloc
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from annotations.cohorts.models import Diagnosis, OperativeNote, Patient, Procedure
from annotations.cohorts.registry.kinds import KINDS
from annotations.cohorts.registry_import import import_registry
from common.encryption import decrypt
from common.errors import Invalid
from studies.models import Study
from tests.cohorts_tests.checked_files import check_file
from tests.cohorts_tests.uploading import Page
from tests.factories import make_study
from tests.registries import Registry

pytestmark = pytest.mark.django_db

CPT = "http://www.ama-assn.org/go/cpt"
ICD10CM = "http://hl7.org/fhir/sid/icd-10-cm"


@pytest.fixture
def study(db: None) -> Study:
    return make_study()


def _parquet(folder: Path, kind: str, rows: list[tuple[str, ...]]) -> Path:
    columns = {name: [row[place] for row in rows] for place, name in enumerate(KINDS[kind].header)}
    path = folder / f"{kind}.parquet"
    parquet.write_table(pyarrow.table(columns), path, row_group_size=2)
    return path


def test_it_reads_from_parquet_what_it_reads_from_csv(study: Study, tmp_path: Path) -> None:
    registry = Registry(study, tmp_path / "csv")
    for number in range(5):
        registry.revised_patient(f"100{number}")
    record = registry.load()
    tmp_path.joinpath("parquet").mkdir()
    paths = [_parquet(tmp_path / "parquet", kind, rows) for kind, rows in registry.rows.items()]
    again = import_registry(study=study, paths=paths, actor=None)
    assert again.refused_rows == []
    assert {name.removesuffix(".parquet"): counts["unchanged"] for name, counts in again.summary.items()} == {
        name.removesuffix(".csv"): counts["new"] for name, counts in record.summary.items()
    }


def test_it_takes_parquets_own_dates_numbers_and_gaps(study: Study, tmp_path: Path) -> None:
    registry = Registry(study, tmp_path / "csv")
    registry.patient("1001")
    registry.load()
    table = pyarrow.table(
        {
            "procedure_id": pyarrow.array([1, 2], pyarrow.int64()),
            "patient_id": pyarrow.array([1001, 1001], pyarrow.int32()),
            "performed_on": pyarrow.array([date(2012, 3, 1), date(2020, 6, 1)], pyarrow.date32()),
            "side": pyarrow.array(["R", "X"]).dictionary_encode(),
            "cpt": pyarrow.array([27130.0, 27134.0]),
            "surgeon": pyarrow.array([None, "S-1"]),
        }
    )
    parquet.write_table(table, tmp_path / "procedures.parquet")
    record = import_registry(study=study, paths=[tmp_path / "procedures.parquet"], actor=None)
    assert [(row["line"], row["column"], row["value"]) for row in record.refused_rows] == [(2, "side", "X")]
    procedure = Procedure.objects.get(study=study)
    assert (procedure.performed_on, procedure.cpt, procedure.surgeon) == (date(2012, 3, 1), "27130", "")


def test_it_refuses_a_damaged_parquet_file_as_a_whole(study: Study, tmp_path: Path) -> None:
    path = _parquet(tmp_path, "sites", [("A", "First", "")] * 100)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(Invalid, match="Parquet"):
        import_registry(study=study, paths=[path], actor=None)


def test_it_holds_a_long_value_once_however_often_a_small_file_says_it(tmp_path: Path) -> None:
    long = pyarrow.array(["x" * 500_000]).dictionary_encode().dictionary
    rows = 4_000
    values = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * rows, pyarrow.int32()), long)
    path = tmp_path / "notes.parquet"
    columns = {
        "note_id": list(map(str, range(rows))),
        "procedure_id": ["1"] * rows,
        "written_on": ["2020-01-01"] * rows,
    }
    parquet.write_table(pyarrow.table({**columns, "text": values}), path)
    assert path.stat().st_size < 5_000_000
    tracemalloc.start()
    checked = check_file(path)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(checked.refusals) == rows
    assert {refusal.reason for refusal in checked.refusals} == {"is longer than 65,536 characters"}
    assert most < 100 * 1024 * 1024


def _resources() -> list[dict[str, Any]]:
    text = "FINDINGS: The cup was grossly loose."
    hip = {"coding": [{"system": "http://snomed.info/sct", "code": "287579007"}]}
    return [
        {"resourceType": "Organization", "id": "A", "name": "Hospital A", "address": [{"country": "Nowhere"}]},
        {"resourceType": "Patient", "id": "1001", "birthDate": "1950-02-03", "gender": "female",
         "name": [{"family": "Nobody"}], "managingOrganization": {"reference": "Organization/A"}},
        {"resourceType": "Procedure", "id": "op-1", "status": "completed", "performedDateTime": "2020-06-01T10:00:00Z",
         "subject": {"reference": "https://hospital.example/fhir/Patient/1001"}, "bodySite": [hip],
         "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1"}, {"system": CPT, "code": "27134"}]},
         "performer": [{"actor": {"reference": "Practitioner/S-7", "display": "Dr Nobody"}}],
         "extension": [{"url": "urn:lucency:cup-fixation", "valueCode": "cementless"},
                       {"url": "urn:lucency:cpt-modifier", "valueCode": "RT"}]},
        {"resourceType": "Condition", "id": "dx-1", "subject": {"reference": "Patient/1001"},
         "recordedDate": "2020-05-30", "code": {"coding": [{"system": ICD10CM, "code": "T84.030A"}]}},
        {"resourceType": "DocumentReference", "id": "note-1", "status": "current", "date": "2020-06-01T12:00:00+02:00",
         "context": {"related": [{"reference": "Procedure/op-1"}]},
         "content": [{"attachment": {"contentType": "text/plain", "data": base64.b64encode(text.encode()).decode()}}]},
        {"resourceType": "Observation", "id": "o-1"},
        {"resourceType": "Observation", "id": "o-2"},
    ]  # fmt: skip


def _ndjson(resources: list[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(resource) + "\n" for resource in resources).encode()


def test_it_maps_fhir_resources_onto_the_registry(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "export.ndjson"
    path.write_bytes(_ndjson(_resources()[::-1]))  # references may come before what they refer to
    record = import_registry(study=study, paths=[path], actor=None)
    assert record.refused_rows == []
    assert list(record.summary) == [
        f"export.ndjson ({kind})" for kind in ("sites", "patients", "procedures", "diagnoses", "notes")
    ]
    assert record.files.get().ignored == {"Observation": 2}
    patient = Patient.objects.get(study=study)
    assert (patient.site.code, patient.birth_year, patient.sex) == ("A", 1950, "F")
    procedure = Procedure.objects.get(study=study)
    assert (procedure.cpt, procedure.hip.side, procedure.modifiers, procedure.surgeon) == ("27134", "R", "RT", "S-7")
    assert (procedure.cup_fixation, procedure.stem_fixation) == ("cementless", "unknown")
    assert Diagnosis.objects.get(study=study).icd10cm == "T84.030A"
    assert decrypt(OperativeNote.objects.get(study=study).text_encrypted) == "FINDINGS: The cup was grossly loose."


def test_it_refuses_what_was_withdrawn_or_says_too_little(study: Study, tmp_path: Path) -> None:
    resources = _resources()
    procedure, condition, document = resources[2], resources[3], resources[4]
    resources += [
        procedure | {"id": "op-2", "status": "entered-in-error"},
        procedure | {"id": "op-3", "bodySite": []},
        procedure | {"id": "op-4", "performedDateTime": "2020-06"},
        condition | {"id": "dx-2", "verificationStatus": {"coding": [{"code": "refuted"}]}},
        condition | {"id": "dx-3", "code": {"text": "loosening"}},
        document | {"id": "note-2", "content": [{"attachment": {"data": "not base64!"}}]},
    ]
    path = tmp_path / "export.ndjson"
    resources.append(condition | {"id": "dx-4\ud800"})
    path.write_bytes(_ndjson(resources) + b"{broken\n[1]\n" + b"[" * 100_000 + b"\n")
    refused = {row["line"]: (row["column"], row["reason"]) for row in
               import_registry(study=study, paths=[path], actor=None).refused_rows}  # fmt: skip
    assert refused == {
        8: ("", "was entered in error"),
        9: ("side", "is not one of R, L"),
        10: ("performed_on", "is not a date of the form 2024-12-31"),
        11: ("", "was refuted"),
        12: ("icd10cm", "is not an ICD-10-CM code such as T84.030A"),
        13: ("text", "is empty"),
        14: ("", "contains a zero byte or half a character"),
        15: ("", "is not JSON"),
        16: ("", "is no FHIR resource"),
        17: ("", "is not JSON"),
    }


def test_it_hands_refused_resources_out_as_rows_to_be_corrected(study: Study) -> None:
    resources = _resources()
    resources[2]["bodySite"] = []
    page = Page(study)
    sent = page.send(("export.ndjson", _ndjson(resources[:3])))
    address = f"{page.address}/{sent['id']}/files/1/refused.csv?of=procedures"
    text = b"".join(page.client.get(address)).decode("utf-8-sig")
    assert text.splitlines()[1] == (
        'op-1,1001,2020-06-01,,27134,RT,S-7,cementless,,export.ndjson,3,side,"is not one of R, L"'
    )
    page.apply(sent["id"])
    corrected = text.replace("2020-06-01,,", "2020-06-01,R,")
    page.apply(page.send(("procedures.csv", corrected.encode()))["id"])
    assert Procedure.objects.get(study=study).hip.side == "R"


def test_it_says_of_a_bundle_what_is_wanted(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "bundle.json"
    path.write_text(json.dumps({"resourceType": "Bundle", "entry": []}))
    with pytest.raises(Invalid, match="each resource on a line of its own"):
        import_registry(study=study, paths=[path], actor=None)

"""Who still reads blinded, and who knows too much of a case: as the database says it to its own triggers too."""

from __future__ import annotations

from django.db import connection

from accounts.models import Person
from annotations.reads.models import ReadProtocol
from studies.models import Study


def has_open_reads(person: Person, study: Study) -> bool:
    """Planned or unsigned reads in an open protocol of the study, those of a session to come included."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reads_still_blinded(%s, %s)", [person.pk, study.pk])
        return bool(cursor.fetchone()[0])


def recused_cases(protocol: ReadProtocol, reader: Person) -> dict[int, str]:
    """Cases of the part that the reader has abstracted, adjudicated or operated on, with the reason."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT known.id, known.reason FROM ("
            "    SELECT id, reads_recused_because(%s, id) AS reason FROM datasets_datasetcase"
            "    WHERE version_id = %s AND part = %s"
            ") known WHERE known.reason <> ''",
            [reader.pk, protocol.dataset_version_id, protocol.part],
        )
        return dict(cursor.fetchall())

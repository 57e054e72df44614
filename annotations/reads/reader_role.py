"""The database role of readers' requests: it has no right to the reference standard, the scores, or the registry.

A reader's view runs in one transaction under this role, so that a mistake in a query ends in an error and not in an
answer that tells too much. The rights are this table and nothing else; they are set after every `migrate`
(see `set_reader_rights`), because a dump of the database does not carry roles. A new table is closed to readers until
it is named here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from django.db import connection, connections, transaction
from rest_framework.views import APIView

ROLE = "lucency_reader"
# Table: (right, columns; none for the whole table).
Right = tuple[str, tuple[str, ...]]
_ANSWER = ("call", "confidence", "conclusion", "comment", "findings")
RIGHTS: dict[str, tuple[Right, ...]] = {
    # Whoever signs gives the password again, and an old hash of it is renewed then.
    "accounts_person": (("SELECT", ()), ("UPDATE", ("password",))),
    "studies_study": (("SELECT", ()),),
    "studies_membership": (("SELECT", ()),),
    # A lock in shared mode asks for the right to change some column; a trigger keeps a frozen protocol as it is.
    "reads_readprotocol": (("SELECT", ()), ("UPDATE", ("id",))),
    "reads_protocolreader": (("SELECT", ()),),
    "reads_protocolamendment": (("SELECT", ("protocol_id", "version")),),
    "reads_readsession": (("SELECT", ()), ("INSERT", ()), ("UPDATE", ("state", "instructions_accepted_at"))),
    "reads_read": (
        ("SELECT", ()),
        ("INSERT", ()),
        ("UPDATE", (*_ANSWER, "state", "opened_at", "first_interaction_at", "submitted_at", "focus_milliseconds",
                    "draft", "draft_revision")),
    ),
    "reads_readcorrection": (("SELECT", ()), ("INSERT", ())),
    "reads_signature": (("SELECT", ()), ("INSERT", ())),
    "reads_deviation": (("SELECT", ()),),
    "reads_recusal": (("SELECT", ()), ("INSERT", ())),
    "reads_inadvertentunblinding": (("SELECT", ()), ("INSERT", ())),
    "reads_practicetruth": (("SELECT", ()),),
    "reads_consensusmeeting": (("SELECT", ()), ("UPDATE", ("state", "signed_at", "sha256"))),
    "reads_consensusparticipant": (("SELECT", ()), ("UPDATE", ("name", "signed_at"))),
    "reads_consensusread": (("SELECT", ()), ("UPDATE", (*_ANSWER, "decided_at", "decided_by_id"))),
    # Of cases and images what a plan and a picture need: no label, no patient's record, no date, no hash.
    "datasets_datasetcase": (("SELECT", ("id", "version_id", "number", "patient_id", "radiograph_id", "part")),),
    "imaging_radiograph": (
        ("SELECT", ("id", "rows", "columns", "window_center", "window_width", "fields", "pixel_spacing_row_mm",
                    "pixel_spacing_column_mm", "spacing_kind")),
    ),
    "imaging_rendition": (("SELECT", ("id", "radiograph_id", "kind", "name", "media_type", "size")),),
    # Events are appended; of the others only the end of the chain is read.
    "common_auditevent": (("SELECT", ("sequence", "at", "previous_hash", "hash")), ("INSERT", ())),
}  # fmt: skip
FUNCTIONS = ("reads_still_blinded(bigint, bigint)", "reads_recused_because(bigint, bigint)")
Handler = Callable[..., Any]


@contextmanager
def as_reader() -> Iterator[None]:
    """One transaction under the readers' role. It ends with the transaction, whatever happens."""
    within_another = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL ROLE {ROLE}")
        yield
        if within_another:
            # As in tests: the transaction goes on, and would carry the role with it.
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")


def _under_role(handler: Handler) -> Handler:
    @wraps(handler)
    def handle(*args: Any, **kwargs: Any) -> Any:
        with as_reader():
            return handler(*args, **kwargs)

    return handle


class ReaderView(APIView):
    """A view whose every method runs under the readers' role; who asks is known before."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        for method in ("get", "post", "put"):
            if method in cls.__dict__:
                setattr(cls, method, _under_role(cls.__dict__[method]))


_MAKE_ROLE = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL; -- another database of this server made it at the same moment
END $$;
DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{ROLE}', 'SET') THEN
        EXECUTE format('GRANT {ROLE} TO %I WITH INHERIT FALSE, SET TRUE', current_user);
    END IF;
END $$;
"""


def rights_sql() -> str:
    """Takes every right away and gives those of the table: the same, however often it is run."""
    statements = [
        _MAKE_ROLE,
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {ROLE}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {ROLE}",
        f"GRANT USAGE ON SCHEMA public TO {ROLE}",
        *(f"GRANT EXECUTE ON FUNCTION {function} TO {ROLE}" for function in FUNCTIONS),
    ]
    for table, rights in RIGHTS.items():
        for right, columns in rights:
            within = f" ({', '.join(columns)})" if columns else ""
            statements.append(f"GRANT {right}{within} ON {table} TO {ROLE}")
            if right == "INSERT":
                column = "sequence" if table == "common_auditevent" else "id"
                statements.append(f"GRANT USAGE ON SEQUENCE {table}_{column}_seq TO {ROLE}")
    return ";\n".join(statements)


def set_reader_rights(*, using: str = "default", **_: Any) -> None:
    """After every `migrate`, when all tables of this app are there."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT to_regclass('reads_practicetruth') IS NOT NULL")
        if cursor.fetchone()[0]:
            cursor.execute(rights_sql())

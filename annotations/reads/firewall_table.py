"""The firewall as it stands: the rights of readers' requests as the database has them, and who is kept from what."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from accounts.models import Person
from annotations.reads.models import Recusal
from annotations.reads.reader_role import ROLE
from annotations.reads.selectors import has_open_reads
from studies.models import Membership, Role, Study


@dataclass(frozen=True, slots=True)
class TableRights:
    """What a reader's request may do with one table; no rights for those that do not exist for it."""

    table: str
    rights: str


@dataclass(frozen=True, slots=True)
class PersonAtTheWall:
    name: str
    roles: list[str]
    reads_blinded: bool
    # Roles that cannot be given to this person now.
    refused_roles: list[str]
    recused_cases: int


# From the catalogue itself: information_schema's views take minutes over as many columns. 0 is PUBLIC.
_RIGHTS = """
WITH readers AS (SELECT oid FROM pg_roles WHERE rolname = %s UNION ALL SELECT 0)
SELECT tables.relname, coalesce(string_agg(rights.told, ', ' ORDER BY rights.told), '')
FROM pg_class tables
LEFT JOIN LATERAL (
    SELECT acl.privilege_type AS told
    FROM aclexplode(tables.relacl) acl WHERE acl.grantee IN (SELECT oid FROM readers)
    UNION
    SELECT acl.privilege_type || ' (' || string_agg(attribute.attname, ' ' ORDER BY attribute.attnum) || ')'
    FROM pg_attribute attribute, aclexplode(attribute.attacl) acl
    WHERE attribute.attrelid = tables.oid AND acl.grantee IN (SELECT oid FROM readers)
    GROUP BY acl.privilege_type
) rights ON true
WHERE tables.relnamespace = 'public'::regnamespace AND tables.relkind IN ('r', 'v', 'm', 'p')
GROUP BY tables.relname ORDER BY tables.relname
"""


def table_rights() -> list[TableRights]:
    """Every table and view of the database, asked from its own catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(_RIGHTS, [ROLE])
        return [TableRights(table, rights) for table, rights in cursor.fetchall()]


def people_at_the_wall(study: Study) -> list[PersonAtTheWall]:
    roles: dict[Person, list[str]] = {}
    for member in Membership.objects.filter(study=study).select_related("person").order_by("person__name", "role"):
        roles.setdefault(member.person, []).append(member.role)
    return [_person(study, person, held) for person, held in roles.items()]


def _person(study: Study, person: Person, held: list[str]) -> PersonAtTheWall:
    blinded = has_open_reads(person, study)
    recused = Recusal.objects.filter(protocol__study=study, reader=person).values("case").distinct().count()
    return PersonAtTheWall(
        person.name, held, blinded, [role for role in Role.values if role != Role.SURGEON] if blinded else [], recused
    )

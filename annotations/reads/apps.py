from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ReadsConfig(AppConfig):
    name = "annotations.reads"
    label = "reads"
    verbose_name = "Blinded reads"

    def ready(self) -> None:
        from annotations.labels.services import abstraction_guards
        from annotations.reads.next_steps import protocol_steps, reading_steps
        from annotations.reads.reader_role import set_reader_rights
        from annotations.reads.services import refuse_abstraction_while_reading, refuse_other_roles_while_reading
        from studies.models import Role
        from studies.next_steps import register
        from studies.services import role_guards

        abstraction_guards.append(refuse_abstraction_while_reading)
        role_guards.append(refuse_other_roles_while_reading)
        register("reads", Role.SURGEON, reading_steps)
        register("protocols", Role.ADMINISTRATOR, protocol_steps)
        post_migrate.connect(set_reader_rights, sender=self)

from django.db import migrations


def move(apps, schema_editor):
    """What an import counted and refused stood in columns of its own row; now each file and each refused row is one."""
    registry_import = apps.get_model("cohorts", "RegistryImport")
    registry_file = apps.get_model("cohorts", "RegistryFile")
    refused_row = apps.get_model("cohorts", "RefusedRow")
    for pk, dry_run, summary, refused in registry_import.objects.values_list("pk", "dry_run", "summary", "refused_rows"):
        registry_import.objects.filter(pk=pk).update(phase="discarded" if dry_run else "applied")
        for number, (name, counts) in enumerate(summary.items(), start=1):
            kind = name.removesuffix(".csv")
            file = registry_file.objects.create(
                registry_import_id=pk, number=number, name=name[:200], format="csv", kind=kind, tables={kind: counts}
            )
            rows = (
                refused_row(
                    file=file, kind=kind, line=row["line"], column=row["column"], value=row["value"],
                    reason=row["reason"],
                )
                for row in refused
                if row["file"] == name
            )
            refused_row.objects.bulk_create(rows, batch_size=2000, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ("cohorts", "0003_imports_wait_for_a_decision"),
    ]

    operations = [migrations.RunPython(move, migrations.RunPython.noop)]

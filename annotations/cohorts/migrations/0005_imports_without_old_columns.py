from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("cohorts", "0004_old_imports_in_rows"),
    ]

    operations = [
        migrations.RemoveField(model_name="registryimport", name="files"),
        migrations.RemoveField(model_name="registryimport", name="refused_rows"),
        migrations.RemoveField(model_name="registryimport", name="summary"),
    ]

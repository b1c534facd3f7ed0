"""PostGIS, where the store is PostgreSQL: before the first geometry column of any room."""

from __future__ import annotations

from django.db import migrations


def add_postgis(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE EXTENSION IF NOT EXISTS postgis")


class Migration(migrations.Migration):
    dependencies = [("core", "0002_person_otp_wrong_person_otp_wrong_at")]

    operations = [migrations.RunPython(add_postgis, migrations.RunPython.noop)]

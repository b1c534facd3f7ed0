"""A conclusion longer than its field was kept cut short: nobody could pass such a report."""

from django.db import migrations, models

CUT, WHOLE = "control_and_remediat", "control_and_remediation"


def make_whole(apps, schema_editor):
    """The word as it was told."""
    apps.get_model("plots", "Report").objects.filter(conclusion=CUT).update(conclusion=WHOLE)


class Migration(migrations.Migration):

    dependencies = [
        ("plots", "0002_plotversion_high_risk"),
    ]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="conclusion",
            field=models.CharField(blank=True, max_length=30, verbose_name="报告结论"),
        ),
        migrations.RunPython(make_whole, migrations.RunPython.noop),
    ]

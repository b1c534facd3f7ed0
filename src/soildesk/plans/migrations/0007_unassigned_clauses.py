"""Clauses without a unit get their table; what is open when a plan's period ends stays owed until the plan is closed."""

from datetime import timedelta

import django.db.models.deletion
from django.db import migrations, models

from soildesk.core import clock

SUBJECT = "plans.plantask"


def _plans(apps):
    """Plans whose duties were to end with their period: out, not closed, and published before it was over."""
    found = apps.get_model("plans", "Plan").objects.filter(stage="published").exclude(period_end=None)
    for plan in found.exclude(published_at=None):
        if clock.local_day(plan.published_at) <= plan.period_end:
            yield plan


def _set(apps, old, new):
    duty, task = apps.get_model("core", "Duty"), apps.get_model("plans", "PlanTask")
    for plan in _plans(apps):
        ends = {True: plan.period_end + timedelta(days=1), False: None}
        tasks = task.objects.filter(plan=plan).values("pk")
        duty.objects.filter(subject_type=SUBJECT, subject_id__in=tasks, live_until=ends[old]).update(live_until=ends[new])


def stay_owed(apps, schema_editor):
    _set(apps, True, False)


def end_with_the_period(apps, schema_editor):
    _set(apps, False, True)


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0013_duty_done"),
        ("plans", "0006_activities"),
    ]

    operations = [
        migrations.CreateModel(
            name="UnassignedClause",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("position", models.PositiveIntegerField()),
                ("number", models.CharField(blank=True, max_length=40, verbose_name="序号")),
                ("section", models.JSONField(default=list)),
                ("title", models.CharField(blank=True, max_length=200)),
                ("text", models.TextField(verbose_name="条款")),
                ("part", models.PositiveSmallIntegerField(default=0)),
                ("line", models.PositiveIntegerField(default=0)),
                ("reading", models.JSONField(default=dict)),
                ("decision", models.CharField(blank=True, choices=[("", "待决定"), ("taken", "已列为任务"), ("left", "不列为任务")], default="", max_length=5)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decided_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.person")),
                ("plan", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="unassigned", to="plans.plan")),
                ("task", models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="clause", to="plans.plantask")),
            ],
            options={"ordering": ["plan_id", "position"]},
        ),
        migrations.RunPython(stay_owed, end_with_the_period),
    ]

"""Long work and the messages it leaves."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from soildesk.core.models.scoped import new_uid


class Job(models.Model):
    """Our own row for a background task: progress, cancel, log, result. The queue itself is django-tasks-db."""

    class State(models.TextChoices):
        WAITING = "waiting", _("排队")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    kind = models.CharField(max_length=60)  # registered name, "plans.export"
    title = models.CharField(max_length=200)
    arguments = models.JSONField(default=dict)
    owner = models.ForeignKey("core.Person", models.CASCADE, related_name="jobs")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(null=True, blank=True)
    doing = models.CharField(max_length=200, blank=True)  # what it does now, in the user's words
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    log = models.TextField(blank=True)
    result = models.JSONField(null=True, blank=True)
    result_file = models.ForeignKey("core.FileUse", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=120, blank=True)  # "host:pid" that runs it
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in {self.State.WAITING, self.State.RUNNING}

    @property
    def percent(self) -> int | None:
        """How far it is, 0 to 100; None while the total is not known."""
        return min(100, self.done * 100 // self.total) if self.total else None


class Message(models.Model):
    """Something a person should see, with one link."""

    person = models.ForeignKey("core.Person", models.CASCADE, related_name="messages")
    text = models.CharField(max_length=300)
    link = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)

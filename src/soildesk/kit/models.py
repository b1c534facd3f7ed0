"""Tables of the room `kit`: saved views of registers, and imports with the fate of every row."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from soildesk.core.models import ScopedModel, new_uid


class SavedView(models.Model):
    """A named selection of a register: its query string, for its owner alone."""

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    owner = models.ForeignKey("core.Person", models.CASCADE, related_name="saved_views")
    register = models.CharField(max_length=80)
    name = models.CharField(_("名称"), max_length=40)
    query = models.TextField(blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        db_table = "kit_savedview"
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(name="view_name_once_per_owner", fields=["owner", "register", "name"]),
        ]

    def __str__(self) -> str:
        return self.name


class ImportBatch(models.Model):
    """One file taken in. Its rows count only when `accepted`; the number on the receipt is given then."""

    class State(models.TextChoices):
        LOADING = "loading", _("读取中")
        PREVIEWED = "previewed", _("待确认")
        ACCEPTED = "accepted", _("已导入")
        REJECTED = "rejected", _("已放弃")

    uid = models.UUIDField(default=new_uid, unique=True, editable=False)
    kind = models.CharField(max_length=60)
    file = models.ForeignKey("core.FileUse", models.PROTECT, null=True, blank=True, related_name="+")
    file_name = models.CharField(_("文件"), max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    division_path = models.CharField(max_length=80, blank=True, db_index=True)
    context = models.JSONField(default=dict)  # what the kind needs beside the file, e.g. the record imported into
    state = models.CharField(_("状态"), max_length=12, choices=State, default=State.LOADING)
    receipt = models.CharField(_("回执编号"), max_length=40, blank=True)
    mapping = models.JSONField(default=list)  # [{"read": 表头, "as": 字段, "note": 说明}]
    counts = models.JSONField(default=dict)  # {"ok": n, "warning": n, "refused": n, "unchanged": n}
    result = models.JSONField(default=dict)  # what `apply` reported
    collection = models.CharField(max_length=80, blank=True, db_index=True)  # the collection a GIS file goes into
    options = models.JSONField(default=dict)  # what the person said of the file: system, axis, mapping, from which day
    edition = models.CharField(max_length=80, blank=True)  # of a collection that takes whole editions: the loading one
    done_rows = models.PositiveIntegerField(default=0)  # rows of the file read and written in ended chunks
    area_m2 = models.FloatField(default=0)
    worker = models.CharField(max_length=120, blank=True)  # machine and process that reads the file
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    decided_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(name="import_receipt_once", fields=["receipt"], condition=~Q(receipt="")),
        ]

    def __str__(self) -> str:
        return self.receipt or self.file_name


class ImportRow(models.Model):
    """One row of an import and its fate: what was read, what it was, what it will be, and why it is refused."""

    class Verdict(models.TextChoices):
        OK = "ok", _("可导入")
        WARNING = "warning", _("有提示")
        REFUSED = "refused", _("不导入")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()  # row number in the file, as its program counts; 0: in no row of it
    raw = models.JSONField(default=dict)
    verdict = models.CharField(max_length=8, choices=Verdict)
    messages = models.JSONField(default=list)
    before = models.JSONField(null=True, blank=True)  # null: the row is new
    after = models.JSONField(null=True, blank=True)  # null: nothing will be written
    key = models.CharField(max_length=80, blank=True)  # of the row that stands, where there is one
    wkb = models.BinaryField(null=True, blank=True)  # its geometry, EPSG:4490
    wkb_before = models.BinaryField(null=True, blank=True)  # as it came, where it was repaired on request

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["batch", "verdict"])]


class ImportFinding(models.Model):
    """Something said of one row of a file: how grave, who must act, the value found, what was expected, what next."""

    class Severity(models.TextChoices):
        BLOCKING = "blocking", _("不能导入")
        WARNING = "warning", _("须核对")
        NOTE = "note", _("说明")

    class Who(models.TextChoices):
        SURVEYOR = "surveyor", _("测绘单位")
        OFFICE = "office", _("报送单位")
        IMPORT = "import", _("导入设置")
        SYSTEM = "system", _("系统可修复")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="findings")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    severity = models.CharField(max_length=8, choices=Severity)
    who = models.CharField(max_length=8, choices=Who)
    value = models.CharField(max_length=200, blank=True)
    sentence = models.CharField(max_length=500)  # value, place, expectation, next step

    class Meta:
        ordering = ["position", "id"]
        indexes = [models.Index(fields=["batch", "severity", "who"])]


class ColumnMapping(models.Model):
    """How an office reads the columns of files that go into a collection: {column: entry}, an empty entry: not used."""

    department = models.ForeignKey("core.Department", models.CASCADE, related_name="+")
    collection = models.CharField(max_length=80)
    mapping = models.JSONField(default=dict)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="column_mapping_once", fields=["department", "collection"])]


class LetterTemplate(ScopedModel):
    """One version of an office's own Word template for a purpose ("<room>.<letter>"); one is in force, older ones stay."""

    purpose = models.CharField(max_length=80)
    version = models.PositiveIntegerField(_("版本"))
    note = models.CharField(_("说明"), max_length=300, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("core.Person", models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["purpose", "-version"]
        constraints = [
            models.UniqueConstraint(name="letter_version_once", fields=["purpose", "owner_department", "version"]),
            models.UniqueConstraint(
                name="letter_one_in_force", fields=["purpose", "owner_department"], condition=Q(retired_at=None)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"

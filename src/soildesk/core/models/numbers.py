"""Numbers on documents."""

from __future__ import annotations

from django.db import models


class NumberSequence(models.Model):
    """The last number an authority gave in a year for a kind of document; taken inside the act's transaction."""

    authority = models.ForeignKey("core.Department", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_sequence", fields=["authority", "kind", "year"])]

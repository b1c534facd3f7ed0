"""Lists of a million parcels or of a large layer are read in the order of an index, whatever they are sorted by."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("land", "0001_initial")]

    operations = [
        *(
            migrations.AddIndex(
                "parcelversion",
                models.Index(name=f"parcelversion_by_{name}", fields=[name, "id"], condition=Q(superseded_at=None)),
            )
            for name in ("name", "code", "use_now", "use_planned")
        ),
        *(
            migrations.AddIndex("zone", models.Index(name=f"zone_by_{name}", fields=["edition", name, "id"]))
            for name in ("code", "name", "level")
        ),
    ]

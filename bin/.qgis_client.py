"""Run by bin/qgis-client in Debian's Python: QGIS opens every collection and counts, places and filters its features."""

from __future__ import annotations

import json
import sys
import urllib.request

from qgis.core import (
    Qgis,
    QgsApplication,
    QgsFeatureRequest,
    QgsNetworkAccessManager,
    QgsRectangle,
    QgsVectorLayer,
)


def collections(address: str, token: str) -> list[str]:
    """The collections by name."""
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(f"{address}collections?f=json", headers=headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        return [each["id"] for each in json.load(answer)["collections"]]


def read(address: str, name: str) -> dict[str, object]:
    """What QGIS makes of one collection."""
    source = f"url='{address}' typename='{name}' pageSize='500' pagingEnabled='true'"
    layer = QgsVectorLayer(source, name, "OAPIF")
    if not layer.isValid():
        return {"name": name, "valid": False}
    found = list(layer.getFeatures())
    box = QgsRectangle()
    for each in found:
        box.combineExtentWith(each.geometry().boundingBox())
    middle = QgsRectangle(box).buffered(-box.width() / 4) if len(found) > 1 else box
    within = list(layer.getFeatures(QgsFeatureRequest().setFilterRect(middle)))
    return {
        "name": name,
        "valid": True,
        "crs": layer.crs().authid(),
        "features": len(found),
        "in_the_middle": len(within),
        "fields": [field.name() for field in layer.fields()],
        "box": [round(number, 4) for number in (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())],
    }


def main() -> int:
    """Read everything and say so."""
    address, token = sys.argv[1:3]
    header = f"Bearer {token}".encode()
    QgsNetworkAccessManager.setRequestPreprocessor(lambda request: request.setRawHeader(b"Authorization", header))
    application = QgsApplication([], False)
    application.initQgis()
    found = [read(address, name) for name in collections(address, token)]
    sys.stdout.write(json.dumps({"qgis": Qgis.QGIS_VERSION, "collections": found}, ensure_ascii=False) + "\n")
    sys.stdout.flush()
    application.exitQgis()
    return 0 if found and all(each["valid"] for each in found) else 1


sys.exit(main())

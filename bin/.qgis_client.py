"""Run by bin/qgis-client in Debian's Python: QGIS opens every collection and counts, places and filters its features."""

from __future__ import annotations

import json
import sys
import urllib.request

from qgis.core import Qgis, QgsApplication, QgsAuthMethodConfig, QgsRectangle, QgsVectorLayer


def collections(address: str, token: str) -> list[str]:
    """The collections by name."""
    request = urllib.request.Request(f"{address}collections?f=json", headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return [each["id"] for each in json.load(answer)["collections"]]


def kept_token(token: str) -> str:
    """The token in QGIS's own store of credentials; the id of the entry."""
    manager = QgsApplication.authManager()
    manager.setMasterPassword("made up for one run", True)
    config = QgsAuthMethodConfig("APIHeader")
    config.setName("soildesk")
    config.setConfig("Authorization", f"Bearer {token}")
    manager.storeAuthenticationConfig(config)
    return str(config.id())


def read(address: str, name: str, credentials: str) -> dict[str, object]:
    """What QGIS makes of one collection."""
    source = f"url='{address}' typename='{name}' authcfg={credentials} pageSize='3' pagingEnabled='true'"
    layer = QgsVectorLayer(source, name, "OAPIF")
    if not layer.isValid():
        return {"name": name, "valid": False, "error": layer.error().summary()}
    found = list(layer.getFeatures())
    box = QgsRectangle()
    for each in found:
        box.combineExtentWith(each.geometry().boundingBox())
    return {
        "name": name,
        "valid": True,
        "crs": layer.crs().authid(),
        "features": len(found),
        "fields": [field.name() for field in layer.fields()],
        "box": [round(number, 4) for number in (box.xMinimum(), box.yMinimum(), box.xMaximum(), box.yMaximum())],
    }


def main() -> None:
    """Read everything and say so."""
    address, token = sys.argv[1:3]
    application = QgsApplication([], False)
    application.initQgis()
    credentials = kept_token(token)
    found = [read(address, name, credentials) for name in collections(address, token)]
    sys.stdout.write(json.dumps({"qgis": Qgis.QGIS_VERSION, "collections": found}, ensure_ascii=False) + "\n")
    application.exitQgis()
    sys.exit(0 if found and all(each["valid"] for each in found) else 1)


main()

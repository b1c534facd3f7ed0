"""How people and files name a coordinate system: EPSG numbers, WKT and PRJ texts, and the words of officials."""

from __future__ import annotations

import re
import unicodedata

import pyproj

from soilrules.geodesy.errors import UnknownCrs
from soilrules.geodesy.systems import GEOGRAPHIC, HALF_EASTING, Crs, Datum, gauss_kruger, known, own_meridian, utm

# Other numbers of the same system: three-dimensional ones, and those from before EPSG had web Mercator.
ALIASES = {4480: 4490, 4979: 4326, 900913: 3857, 102100: 3857, 102113: 3857, 3785: 3857}
NUMBER = re.compile(
    r"(?:EPSG[:\s]*|URN:OGC:DEF:CRS:EPSG:[\d.]*:|HTTPS?://WWW\.OPENGIS\.NET/DEF/CRS/EPSG/[\d.]+/)?(\d{4,6})"
)
OWN = re.compile(r"(CGCS2000|Xian 1980|Beijing 1954):(\d{2,3}(?:\.\d+)?):(\d+)")
WKT = re.compile(r"\s*(PROJCS|GEOGCS|PROJCRS|GEOGCRS|GEODCRS|BOUNDCRS|COMPD_CS|COMPOUNDCRS)\s*[\[(]", re.I)
CRS84 = re.compile(r".*CRS84H?$", re.I)
# The first that occurs names the datum: a text that says GCJ-02 may add that it comes from WGS 84.
DATUM_WORDS = (
    (Datum.GCJ02, r"gcj|火星|高德|腾讯|国测局"),
    (Datum.BD09, r"bd-?09|百度|baidu"),
    (Datum.CGCS2000, r"cgcs|国家2000|大地2000|2000国家|2000大地|2000坐标|china2000|chinageodetic"),
    (Datum.XIAN80, r"西安|xi'?an|国家80|80坐标|(?<!\d)1980"),
    (Datum.BEIJING54, r"北京|beijing|54坐标|(?<!\d)1954"),
    (Datum.WGS84, r"wgs|worldgeodetic|gps"),
)
DATUM_DIGITS = re.compile(
    r"cgcs ?2000|(?:国家|大地|china ?)2000|2000(?=国家|大地|坐标)|(?:西安|国家|xi'?an ?)(?:19)?80|1980|80(?=坐标)"
    r"|(?:北京|beijing ?)(?:19)?54|1954|54(?=坐标)|wgs ?(?:19)?84"
)
WIDTH = re.compile(r"几度分带 ?[=:为]? ?([36三六])|([36三六]) ?(?:度|°|- ?degree|degree)(?:分?带)?")
ZONE = re.compile(r"带号 ?(?:为|是|:|=)? ?(\d{1,2})|(?<![\d.])(\d{1,2}) ?号?带(?!号)|zone ?(\d{1,2})")
MERIDIAN = re.compile(
    r"(?:中央(?:子午线|经线|经度)|cm|东经) ?(?:为|是|:|=)? ?(\d{2,3}(?:\.\d+)?)|(?<![\d.])(\d{2,3}(?:\.\d+)?)°? ?e(?!\w)"
)
UNPREFIXED = re.compile(r"(?:不|无|未|没有)(?:加|带|含|有)?带号")


def by_number(number: int) -> Crs:
    """The system of an EPSG number."""
    crs = known().get(f"EPSG:{ALIASES.get(number, number)}")
    if crs is None:
        raise UnknownCrs("unknown_number", number=number)
    return crs


def by_wkt(text: str) -> Crs:
    """The system of a PRJ file or another WKT text, of EPSG, ESRI or GDAL."""
    try:
        crs = pyproj.CRS.from_wkt(text.strip().lstrip("\ufeff"))
    except pyproj.exceptions.CRSError:
        raise UnknownCrs("unreadable_wkt", text=text.strip()[:60]) from None
    crs = crs.source_crs if crs.is_bound and crs.source_crs else crs
    crs = crs.sub_crs_list[0] if crs.is_compound else crs
    datum = _datum_of(crs)
    if not crs.is_projected:
        return known()[f"EPSG:{GEOGRAPHIC[datum]}"]
    return _projected(crs, datum)


def _datum_of(crs: pyproj.CRS) -> Datum:
    names = [crs.name, crs.geodetic_crs.name if crs.geodetic_crs else "", crs.datum.name if crs.datum else ""]
    # The name of the projected system may say anything; its datum counts.
    found = _datum_in("".join(names[1:])) or (_datum_in(names[0]) if "unknown" in names[1].lower() else None)
    if found is None or found not in GEOGRAPHIC:
        raise UnknownCrs("unknown_datum", name=names[0], datum=names[2] or names[1])
    return found


def _projected(crs: pyproj.CRS, datum: Datum) -> Crs:
    operation = crs.coordinate_operation
    values = {one.name: float(one.value) for one in operation.params} if operation else {}
    method = operation.method_name if operation else ""
    if "Pseudo Mercator" in method and datum is Datum.WGS84:
        return by_number(3857)
    factor, meridian = values.get("Scale factor at natural origin"), values.get("Longitude of natural origin", 0.0)
    if method == "Transverse Mercator" and values.get("False northing") == 0 and crs.axis_info[0].unit_name == "metre":
        if datum is Datum.WGS84 and factor == 0.9996 and values["False easting"] == HALF_EASTING:
            return utm(round((meridian + 183) / 6))
        if datum is not Datum.WGS84 and factor == 1:
            return own_meridian(datum, meridian, round(values["False easting"]))
    raise UnknownCrs("unknown_projection", name=crs.name, method=method, meridian=f"{meridian:g}")


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold().replace("—", "-").replace("–", "-")
    return re.sub(r"[\s/_]+", " ", folded)


def _datum_in(text: str) -> Datum | None:
    plain = _plain(text).replace(" ", "")
    return next((datum for datum, words in DATUM_WORDS if re.search(words, plain)), None)


def by_words(text: str) -> Crs:
    """The system in the words of an official, such as "CGCS2000 3度带 38带" or "西安80 中央经线114°"."""
    plain = _plain(text)
    datum = _datum_in(text)
    if datum is Datum.WGS84 and (number := re.search(r"utm\D*(\d{1,2})n?", plain)) and 1 <= int(number[1]) <= 60:
        return utm(int(number[1]))
    if re.search(r"(web|网络|pseudo)[ -]?(mercator|墨卡托)", plain):
        return by_number(3857)
    if datum is None:
        raise UnknownCrs("unknown_words", text=text.strip()[:60])
    if datum in (Datum.GCJ02, Datum.BD09):
        return known()[str(datum)]
    return _zone_in(plain, datum, text)


def _zone_in(plain: str, datum: Datum, text: str) -> Crs:
    """The zone that words name beside a datum; without any, the degrees of the datum."""
    said = WIDTH.search(plain)
    width = {"3": 3, "三": 3, "6": 6, "六": 6}[said[1] or said[2]] if said else None
    # "3度带" is the width, not zone 3, and the datum's own digits are no zone.
    rest = WIDTH.sub(" ", DATUM_DIGITS.sub(" ", plain))
    number = next((int(one) for match in ZONE.finditer(rest) for one in match.groups() if one), None)
    meridian = next((float(one) for match in MERIDIAN.finditer(rest) for one in match.groups() if one), None)
    if number is None and meridian is None:
        if width or "高斯" in plain or "gauss" in plain:
            raise UnknownCrs("zone_missing", text=text.strip()[:60])
        return known()[f"EPSG:{GEOGRAPHIC[datum]}"]
    if datum is Datum.WGS84:
        raise UnknownCrs("no_grid", datum=datum)
    if number is not None:
        width = width or (3 if number > 23 else 6)
        return gauss_kruger(datum, width, number, prefixed=not UNPREFIXED.search(plain))
    assert meridian is not None
    if width == 6 and (meridian + 3) % 6 == 0 and 75 <= meridian <= 135:
        return gauss_kruger(datum, 6, round((meridian + 3) / 6), prefixed=False)
    return own_meridian(datum, meridian)


def named(text: str | int) -> Crs:
    """The system that a number, a WKT or PRJ text or words name; refuses what it does not know.

    >>> named("国家2000 3度带 第38带").code, named("EPSG:4547").zone.meridian, named("火星坐标").code
    ('EPSG:4526', 114.0, 'GCJ-02')
    """
    if isinstance(text, int):
        return by_number(text)
    plain = unicodedata.normalize("NFKC", text).strip()
    if plain in known():
        return known()[plain]
    if WKT.match(plain.lstrip("\ufeff")):
        return by_wkt(plain)
    if CRS84.fullmatch(plain):
        return by_number(4326)
    if found := NUMBER.fullmatch(plain.upper()):
        return by_number(int(found[1]))
    if own := OWN.fullmatch(plain):
        return own_meridian(Datum(own[1]), float(own[2]), int(own[3]))
    return by_words(plain)

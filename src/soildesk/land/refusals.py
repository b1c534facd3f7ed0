"""Why an act on land was refused: stable codes, sentences for people."""

from __future__ import annotations

from soildesk.core.errors import Refusal


class LandRefused(Refusal):
    """An act was refused. `code` never changes; the sentence says value, place, expectation, next step."""

    code = "land.refused"


class ShapeRefused(LandRefused):
    """A geometry cannot be taken.

    Codes: land.shape.missing, .not_polygon, .broken, .empty, .outside.
    """

    code = "land.shape.refused"


class ParcelRefused(LandRefused):
    """A parcel cannot be written so.

    Codes: land.parcel.unknown_fact, .use_unknown, .area_of_record, .future, .code_taken, .duplicate,
    .place, .lineage_fixed, .later_versions, .code_exists, .code_missing, .not_found.
    """

    code = "land.parcel.refused"


class LineageRefused(LandRefused):
    """Parcels cannot be split, merged or their boundary moved so.

    Codes: land.lineage.why_missing, .future, .too_few, .twice, .not_open, .later_versions, .other_place, .gap, .overlap,
    .outside, .apart, .same, .into_neighbour, .kinds.
    """

    code = "land.lineage.refused"


class LayerRefused(LandRefused):
    """A layer or an edition of it cannot be written so.

    Codes: land.layer.code, .code_taken, .title_missing, .not_loading, .empty, .not_accepted, .published,
    .not_published, .why_missing, .attribute, .not_found.
    """

    code = "land.layer.refused"


class UnusedRefused(LandRefused):
    """Unused land or a patrol of it cannot be written so.

    Codes: land.unused.name_missing, .kind, .period, .keeper, .keeper_elsewhere, .future, .code_taken, .place, .ended, .not_found;
    land.patrol.future, .before, .found, .note_missing, .point, .not_photo, .action_missing, .nothing_found, .closed.
    """

    code = "land.unused.refused"

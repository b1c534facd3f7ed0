"""Quality control of one analyte in one laboratory batch: duplicates, blanks, spikes, reference materials.

The numbers depend on the day of sampling (quality_rules.py). Contents are mg/kg, the unit of the tables.

Deviation of a pair is RD (相对偏差) = |a - b| / (a + b) × 100. RPD = |a - b| / mean × 100 is twice that, the relative
standard deviation (RSD) of a pair is √2 times that; neither is compared here.
Non-detects: a content not detected lies between 0 and its reporting limit, and only what holds for all of that range is
said. Two non-detects are within.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from soilrules import __version__
from soilrules.messages import Message
from soilrules.statistics.quality_rules import Edition, Range, edition_on
from soilrules.statistics.readings import Reading
from soilrules.statistics.rule_data import ROOM, Rule

DUPLICATES = "quality.duplicates"
SHARE = "quality.parallel_share"
PASS_RATE = "quality.duplicate_pass_rate"  # noqa: S105 — the id of a rule
BLANK = "quality.blank"
SPIKES = "quality.spikes"
SPIKE_RATE = "quality.spike_pass_rate"
MATERIAL = "quality.reference_material"
RETURNS = (SHARE, PASS_RATE, BLANK, SPIKE_RATE, MATERIAL)
HUNDRED = Decimal(100)


class Check(StrEnum):
    """What one check found. A rule switched off is `not_in_use` and decides nothing."""

    WITHIN = "within"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"
    NOT_IN_USE = "not_in_use"


class Verdict(StrEnum):
    """What becomes of the batch."""

    ACCEPT = "accept"
    ACCEPT_WITH_FLAGS = "accept_with_flags"
    RETURN_TO_LABORATORY = "return_to_laboratory"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what it is about, its rule (None where the edition's numbers are unknown) and its reason."""

    outcome: Check
    about: str
    rule: Rule | None
    message: Message


@dataclass(frozen=True, slots=True)
class Pair:
    """Two parallel measurements of one sample."""

    sample: str
    first: Reading
    second: Reading


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank and the detection limit of the method, None where nobody said it."""

    name: str
    found: Reading
    detection_limit: Decimal | None


@dataclass(frozen=True, slots=True)
class Spike:
    """A spiked sample: its content before, the amount added and the content found, all mg/kg."""

    name: str
    content: Reading
    added: Decimal
    found: Reading


@dataclass(frozen=True, slots=True)
class ReferenceMaterial:
    """A certified reference material: the certified range is certified ± uncertainty, both ends inside."""

    name: str
    found: Reading
    certified: Decimal
    uncertainty: Decimal


@dataclass(frozen=True, slots=True)
class Batch:
    """One analyte (slug) in one laboratory batch of `samples` samples, all taken on `sampled_on` or under its edition."""

    analyte: str
    sampled_on: date
    samples: int
    pairs: tuple[Pair, ...] = ()
    blanks: tuple[Blank, ...] = ()
    spikes: tuple[Spike, ...] = ()
    materials: tuple[ReferenceMaterial, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchVerdict:
    """The verdict with every check behind it. `edition`: the standard of the sampling day, empty before the first."""

    outcome: Verdict
    edition: str
    message: Message
    findings: tuple[Finding, ...]
    deviation: str = "RD"
    version: str = __version__


def relative_deviation(first: Decimal, second: Decimal) -> Decimal:
    """RD of a pair in percent.

    >>> relative_deviation(Decimal(3), Decimal(2))
    Decimal('20')
    """
    return abs(first - second) * HUNDRED / (first + second)


def check_batch(batch: Batch, *, edition: Edition | None = None) -> BatchVerdict:
    """Check one batch by the edition of its sampling day (or a changed copy of it, given as `edition`).

    return_to_laboratory where a requirement on the batch is not met, unknown where one cannot be judged,
    accept_with_flags where a single pair or spike is outside or open. An edition whose numbers are not
    entered makes everything unknown. Raises ValueError for fewer than one sample, or more pairs than samples.
    """
    if batch.samples < 1 or len({pair.sample for pair in batch.pairs}) > batch.samples:
        raise ValueError(
            f"{len(batch.pairs)} parallel pairs of {batch.samples} samples: expected at least one sample and no more "
            "paired samples than samples. Check the size of the batch."
        )
    edition = edition or edition_on(batch.sampled_on)
    if edition is None or not edition.rules:
        return _no_numbers(batch, edition)
    findings = tuple(_findings(batch, edition))
    outcome = _together(findings)
    return BatchVerdict(outcome, edition.name, _message(f"batch_{outcome}", edition=edition.name), findings)


def _no_numbers(batch: Batch, edition: Edition | None) -> BatchVerdict:
    name = edition.name if edition else ""
    message = _message(
        "numbers_not_entered" if edition else "no_edition", edition=name, day=batch.sampled_on.isoformat()
    )
    about = [one.sample for one in batch.pairs]
    about += [one.name for one in batch.blanks] + [one.name for one in batch.spikes]
    about += [one.name for one in batch.materials]
    findings = tuple(Finding(Check.UNKNOWN, one, None, message) for one in about)
    return BatchVerdict(Verdict.UNKNOWN, name, message, findings)


def _together(findings: Sequence[Finding]) -> Verdict:
    used = [one for one in findings if one.outcome is not Check.NOT_IN_USE]
    binding = {one.outcome for one in used if _is(one, *RETURNS) and not _stood_in_for(one, used)}
    if Check.OUTSIDE in binding:
        return Verdict.RETURN_TO_LABORATORY
    if Check.UNKNOWN in binding or not binding:
        return Verdict.UNKNOWN
    clean = all(one.outcome is Check.WITHIN for one in used)
    return Verdict.ACCEPT if clean else Verdict.ACCEPT_WITH_FLAGS


def _stood_in_for(finding: Finding, findings: Sequence[Finding]) -> bool:
    """Whether spikes that cannot be judged matter less because a reference material shows the accuracy."""
    shown = any(_is(one, MATERIAL) and one.outcome is Check.WITHIN for one in findings)
    return shown and _is(finding, SPIKE_RATE) and finding.outcome is Check.UNKNOWN


def _is(finding: Finding, *rule_ids: str) -> bool:
    return finding.rule is not None and finding.rule.id in rule_ids


def _findings(batch: Batch, edition: Edition) -> Iterable[Finding]:
    rules = edition.rules
    yield _share(batch, rules[SHARE])
    pairs = [_pair(one, batch.analyte, edition) for one in batch.pairs]
    yield from pairs
    yield _rate(pairs, rules[PASS_RATE])
    yield from [_blank(one, rules[BLANK]) for one in batch.blanks] or [_missing(rules[BLANK], "no_blank")]
    spikes = [_spike(one, batch.analyte, edition) for one in batch.spikes]
    yield from spikes
    if spikes:
        yield _rate(spikes, rules[SPIKE_RATE])
    yield from (_material(one, rules[MATERIAL]) for one in batch.materials)
    if not spikes and not batch.materials:
        yield _missing(rules[MATERIAL], "no_accuracy")


def _share(batch: Batch, rule: Rule) -> Finding:
    paired = len({pair.sample for pair in batch.pairs})
    if batch.samples < rule.whole("few_samples"):
        needed = rule.whole("least_when_few")
    else:
        needed = math.ceil(batch.samples * rule.number("percent") / HUNDRED)
    params = {"paired": str(paired), "samples": str(batch.samples), "needed": str(needed)}
    return _finding(rule, "", paired >= needed, "share", **params)


def _pair(pair: Pair, analyte: str, edition: Edition) -> Finding:
    rule = edition.rules[DUPLICATES]
    detected = [one.value for one in (pair.first, pair.second) if one.detected]
    if not detected:
        return _finding(rule, pair.sample, True, "pair_not_detected", first=str(pair.first), second=str(pair.second))
    if len(detected) == 1:
        limit = pair.second.value if pair.first.detected else pair.first.value
        return _half_detected(pair, edition, analyte, detected[0], limit)
    band = edition.band(analyte, (detected[0] + detected[1]) / 2)
    deviation = relative_deviation(detected[0], detected[1])
    params = {"deviation": f"{deviation:.4g}", "allowed": str(band.relative_deviation), "table": band.table}
    return _finding(rule, pair.sample, deviation <= band.relative_deviation, "pair", **params, mark=band.mark)


def _half_detected(pair: Pair, edition: Edition, analyte: str, found: Decimal, limit: Decimal) -> Finding:
    """One of two not detected: outside where even the reporting limit itself deviates too far, else open."""
    band = edition.band(analyte, found / 2)  # the lowest mean the pair can have, so the widest deviation allowed
    least = relative_deviation(found, limit) if limit < found else Decimal(0)
    params = {"deviation": f"{least:.4g}", "allowed": str(band.relative_deviation), "table": band.table}
    outside = False if least > band.relative_deviation else None
    return _finding(edition.rules[DUPLICATES], pair.sample, outside, "half_detected", **params, mark=band.mark)


def _rate(findings: Sequence[Finding], rule: Rule) -> Finding:
    """The share of checks within; those still open count both ways, and decide only where both ways agree."""
    used = [one.outcome for one in findings if one.outcome is not Check.NOT_IN_USE]
    within, opened = used.count(Check.WITHIN), used.count(Check.UNKNOWN)
    if not used:
        return _missing(rule, "no_rate")
    needed = rule.number("percent") * len(used)
    params = {
        "within": str(within),
        "count": str(len(used)),
        "open": str(opened),
        "percent": str(rule.number("percent")),
    }
    passed = True if within * HUNDRED >= needed else None if (within + opened) * HUNDRED >= needed else False
    return _finding(rule, "", passed, "rate", **params)


def _blank(blank: Blank, rule: Rule) -> Finding:
    found, limit = blank.found, blank.detection_limit
    if not found.detected:
        clean = None if limit is not None and found.value > limit else True
    else:
        clean = None if limit is None else found.value < limit
    return _finding(rule, blank.name, clean, "blank", found=str(found), limit="—" if limit is None else str(limit))


def _spike(spike: Spike, analyte: str, edition: Edition) -> Finding:
    rule = edition.rules[SPIKES]
    if spike.added <= 0:
        raise ValueError(f"{spike.name}: {spike.added} mg/kg added; expected more than 0.")
    ends = (spike.content.least, spike.content.value)
    allowed = [edition.band(analyte, content).recovery for content in ends]
    recoveries = [
        (found - content) * HUNDRED / spike.added
        for found in (spike.found.least, spike.found.value)
        for content in ends
    ]
    low, high = min(recoveries), max(recoveries)
    params = {"recovery": f"{low:.4g}" if low == high else f"{low:.4g} – {high:.4g}", "allowed": str(allowed[0] or "—")}
    return _finding(rule, spike.name, _inside(low, high, allowed), "spike", **params)


def _inside(low: Decimal, high: Decimal, allowed: Sequence[Range | None]) -> bool | None:
    """Whether everything from low to high is inside every range (True) or outside all (False); None where open."""
    said = set()
    for one in allowed:
        if one is None or one.lower.number is None or one.upper.number is None:
            return None
        apart = high < one.lower.number or low > one.upper.number or (low == high and low not in one)
        said.add(True if low in one and high in one else False if apart else None)
    return said.pop() if len(said) == 1 else None


def _material(material: ReferenceMaterial, rule: Rule) -> Finding:
    low, high = material.certified - material.uncertainty, material.certified + material.uncertainty
    found = material.found
    if found.detected:
        inside: bool | None = low <= found.value <= high
    else:
        inside = False if found.value <= low else None
    return _finding(rule, material.name, inside, "material", found=str(found), low=str(low), high=str(high))


def _missing(rule: Rule, message: str) -> Finding:
    if not rule.in_use:
        return Finding(Check.NOT_IN_USE, "", rule, _message("switched_off", rule=rule.id))
    return Finding(Check.UNKNOWN, "", rule, _message(message))


def _finding(rule: Rule, about: str, passed: bool | None, message: str, **params: str) -> Finding:
    if not rule.in_use:
        return Finding(Check.NOT_IN_USE, about, rule, _message("switched_off", rule=rule.id))
    outcome = Check.UNKNOWN if passed is None else Check.WITHIN if passed else Check.OUTSIDE
    return Finding(outcome, about, rule, _message(f"{message}_{outcome}", about=about, **params))


def _message(message_id: str, **params: str) -> Message:
    return Message(ROOM, "quality", message_id, params)

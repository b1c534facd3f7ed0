"""The reference pages, made from the code when the documentation is built, so that they cannot fall behind it.

Commands, settings, permissions, measures, tables and the public functions of soilrules.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import importlib.util
import inspect
import os
import pkgutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from soilrules.bases import Based
    from soilrules.enterprises.dutyrules import Term

SRC = Path(__file__).resolve().parent.parent / "src"


def start_django() -> None:
    """Load the apps; a reader of the documentation needs no home of their own."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "soildesk.settings")
    if "SOILDESK_HOME" not in os.environ:
        os.environ["SOILDESK_HOME"] = tempfile.mkdtemp(prefix="soildesk-docs-")
    django.setup()


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(_cell(value) for value in line) + " |" for line in lines) + "\n"


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ").strip()


def first_line(documented: object) -> str:
    """The first sentence line of a docstring, or nothing."""
    return (inspect.getdoc(documented) or "").partition("\n")[0]


def settings_page() -> str:
    """Environment variables, from the docstring of the settings module."""
    text = ast.get_docstring(ast.parse((SRC / "soildesk" / "settings.py").read_text(encoding="utf-8"))) or ""
    return f"# Settings\n\n```\n{text}\n```\n"


def permissions_page() -> str:
    """Every registered permission with the roles that carry it."""
    from soildesk.core.permissions import registered

    rows = [
        [f"`{entry.name}`", entry.title, "、".join(str(role.label) for role in sorted(entry.roles))]
        for entry in sorted(registered().values(), key=lambda one: one.name)
    ]
    return "# Permissions\n\n" + table(["permission", "act", "roles"], rows)


def tables_page() -> str:
    """Every table with its columns."""
    from django.apps import apps

    parts = ["# Tables\n"]
    for model in sorted(
        (m for m in apps.get_models() if m.__module__.startswith("soildesk.")), key=lambda m: m._meta.label
    ):
        doc = inspect.cleandoc(model.__doc__ or "")
        parts.append(f"## {model._meta.label}\n\n{'' if doc.startswith(model.__name__ + '(') else doc}\n")
        rows = [
            [f"`{column.name}`", column.get_internal_type(), column.verbose_name, "yes" if column.null else ""]
            for column in model._meta.concrete_fields
        ]
        parts.append(table(["column", "type", "name", "may be empty"], rows))
    return "\n".join(parts)


def measures_page() -> str:
    """Every registered measure."""
    from soildesk.kit import measures

    rows = [
        [f"`{one.id}`", one.title, one.description, "、".join(one.reads)]
        for one in sorted(measures.measures().values(), key=lambda one: one.id)
    ]
    return "# Measures\n\n" + table(["measure", "title", "what", "reads"], rows)


def commands_page() -> str:
    """Every command with its arguments, from the parser itself."""
    from soildesk.cli import parser

    return "# Commands\n\n" + "\n".join(_command(name, one) for name, one in _commands(parser(), "soildesk"))


def _commands(one: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield name, one
    for action in one._actions:
        if isinstance(action, argparse._SubParsersAction):
            for child, sub in action.choices.items():
                yield from _commands(sub, f"{name} {child}")


def _command(name: str, one: argparse.ArgumentParser) -> str:
    return f"## {name}\n\n{one.description or ''}\n\n```\n{one.format_help().strip()}\n```\n"


def rules_page() -> str:
    """Public functions and types of soilrules with what they say of themselves."""
    import soilrules

    parts = ["# soilrules\n"]
    for info in sorted(pkgutil.walk_packages(soilrules.__path__, "soilrules."), key=lambda one: one.name):
        module = importlib.import_module(info.name)
        rows = [[f"`{name}`", first_line(value)] for name, value in _public(module)]
        if rows:
            parts += [f"## {info.name}\n\n{first_line(module)}\n", table(["name", "what"], rows)]
    return "\n".join(parts)


def _public(module: ModuleType) -> list[tuple[str, object]]:
    return [
        (name, value)
        for name, value in sorted(vars(module).items())
        if not name.startswith("_")
        and (inspect.isfunction(value) or inspect.isclass(value))
        and value.__module__ == module.__name__
    ]


def duties_page() -> str:
    """The rules of the duties of firms with their terms, and the citations they rest on."""
    from soilrules.bases import bases
    from soilrules.enterprises.dutyrules import duty_rules

    rules = [
        [
            f"`{one.id}` {one.title('en')} {one.title()}",
            one.division or "everywhere",
            f"{one.since} – {one.until or ''}",
            f"{one.trigger} {one.event or ''}",
            _term_words(one.term),
            "、".join(one.evidence),
            f"{one.owed_by} → {'、'.join(one.recipients)}",
            f"{one.mark}, {one.force}{'' if one.in_use else ', not in use'}{f', edition {one.edition}' if one.edition else ''}",
            f"{one.standard}: {one.source}. {one.reading}",
        ]
        for one in duty_rules()
    ]
    head = ["rule", "place", "in force", "from", "term", "evidence", "who → whom", "mark", "source and reading"]
    cited = [
        [f"`{one.id}`", one.cited, f"{one.since} – {one.until or ''}", one.words, one.replaced_by, one.mark]
        for one in bases().values()
        if one.id in _stood_on(duty_rules())
    ]
    return (
        "# Duties of firms\n\nA local row stands before the national one where its day can be kept; both stay visible. What is not known "
        "is told as `cannot_say`, never as done. The last day is in time.\n\n"
        + table(head, rules)
        + "\n## Citations\n\nIn short, not the wording.\n\n"
        + table(["id", "citation", "in force", "what it says", "replaced by", "mark"], cited)
    )


def _stood_on(rules: Iterable[Based]) -> set[str]:
    """The citations rules rest on, and those that followed them."""
    from soilrules.bases import bases, successors

    ids = {one for rule in rules for one in rule.bases}
    return ids | {one.id for basis in ids for one in successors(bases()[basis])}


def plot_life_page() -> str:
    """The life of a plot: the drawing, the lists, the table with its guards, and what the check of it went through."""
    from soilrules.plots.lifedata import life_table
    from soilrules.plots.lifemap import mermaid
    from soilrules.plots.lists import plot_lists
    from soilrules.plots.state import Stage

    held = life_table()
    lists = [
        [f"`{one.key}` {one.zh}", ", ".join(sorted(one.deciders)), f"`{one.enters_by}`", ", ".join(f"`{name}`" for name in one.leaves_by), _cited(one.bases), one.mark]
        for one in plot_lists().values()
    ]  # fmt: skip
    rows = [
        [
            f"`{one.event}` {one.name('zh')}",
            " ".join(one.from_stages),
            str(one.to or one.to_fact or ("S4 S5" if one.to_works else "stays")),
            ", ".join(sorted(one.by)) or "holder",
            ", ".join(f"`{guard.id}`" for guard in one.guards),
            " ".join(
                [f"enters {one.enters}"] * bool(one.enters)
                + [f"leaves {one.leaves}"] * bool(one.leaves)
                + [f"exit {one.exit}"] * bool(one.exit)
            ),
            _cited(one.bases),
        ]
        for one in held.transitions.values()
    ]
    guards = {guard.id: guard for one in held.transitions.values() for guard in one.guards}
    asked = [
        [f"`{one.id}`", one.asks.sentence("en"), one.asks.sentence("zh"), f"{one.kind} {one.fact}", _cited(one.bases), one.mark]
        for one in guards.values()
    ]  # fmt: skip
    stages = [[f"`{one}`", *(_word("stages", one, language) for language in ("en", "zh"))] for one in Stage]
    return "\n".join(
        [
            "# The life of a plot\n",
            "One table decides what may happen to a construction plot, who decides it and what it needs. What nobody told is "
            "unknown and never a pass. Three ways lead out: ① a survey within limits, reviewed jointly and filed; ② an "
            "assessment that finds nothing to control, reviewed by the province; ③ the target reached by the word of another "
            "firm, and the plot taken off the roster by the province. Nothing else does.\n",
            f"```mermaid\n{mermaid('en')}\n```\n",
            "## Stages\n",
            table(["stage", "what", "阶段"], stages),
            "## Lists\n",
            "A level that does not decide a list proposes, or registers what was announced. A county branch may act in the "
            "name of the city.\n",
            table(["list", "decided by", "entered by", "left by", "stands on", "mark"], lists),
            "## Events\n",
            table(["event", "from", "to", "by", "needs", "effect", "stands on"], rows),
            "## What they need\n",
            table(["guard", "asks", "要求", "how", "stands on", "mark"], asked),
            _explored(),
        ]
    )


def _explored() -> str:
    """What the check of the whole table went through, on a day of each law."""
    from soilrules.plots.explore import BEFORE_THE_CODE, ON, PARTS, explore

    rows = []
    for part, kinds in PARTS.items():
        for day in (BEFORE_THE_CODE, ON):
            found = explore(day, kinds, badly_everywhere=False)
            told = "; ".join(found.broken) or "none"
            rows.append([part, str(day), f"{found.states:,}", f"{found.transitions:,}", f"{found.refusals:,}", told])
    return (
        "## Checked\n\nFrom an empty register every event was tried in every state that is reached; at every stage it was "
        "also tried with each fact missing or wrong and by each level that does not decide. In no state is a plot removed without ③, released without "
        "① or ②, on a list without its event and authority, or on the roster outside control, remediation and evaluation. "
        "No guard of the main life reads the side lists, the risk level or violations, so they are gone through apart.\n\n"
        + table(["part", "day", "states", "transitions", "refused", "broken promises"], rows)
    )


def _cited(ids: tuple[str, ...]) -> str:
    """Citations in short, with the day from which one is unconfirmed."""
    from soilrules.bases import bases

    found = [bases()[one] for one in ids]
    return "; ".join(
        f"{one.cited} {one.since} – {one.until or ''}{f' (unconfirmed from {one.unconfirmed_from})' if one.unconfirmed_from else ''}"
        for one in found
    )


def _word(group: str, name: str, language: str) -> str:
    from soilrules.messages import sentence

    return sentence("plots", group, name, language=language)


def gate_page() -> str:
    """The gate: acts, checks with force and citations, sensitive uses by law, local rules, and what its model check asked."""
    from soilrules.gate import proof, rules, uses
    from soilrules.gate.acts import acts, behaviours
    from soilrules.gate.checks.key_unit_transfer import readings
    from soilrules.gate.profiles import profiles

    explored = proof.explore()
    if explored.breaches:
        raise RuntimeError(f"the gate lets through what it must not: {explored.breaches[0]}")
    made = [[f"`{one.id}`", str(one.moment), f"{one.decides_en} {one.decides}", one.change.value, one.build.value, one.enters.value]
            for one in acts().values()]  # fmt: skip
    checks = [[f"`{one.id}`", f"{one.en} {one.zh}", one.force.value, _cited(one.bases), "、".join(one.reads), one.mark]
              for one in rules.check_rules().values()]  # fmt: skip
    sensitive = [[f"{day} on", "、".join(sorted(law.groups)), "、".join(sorted(law.unclear)), f"{law.mark}: {law.reading}"]
                 for day in ("2019-01-01", "2026-08-15") if (law := uses.law_on(date.fromisoformat(day)))]  # fmt: skip
    local = [[place.division, place.title, one.check, "、".join(sorted(one.acts)) or "all", one.force.value, f"{one.basis.article} {one.basis.words}"]
             for place in profiles().values() for one in place.rows]  # fmt: skip
    moments = [[place.division, f"`{one.id}`", "、".join(sorted(one.acts)), one.force.value, one.basis.words]
               for place in profiles().values() for one in place.moments]  # fmt: skip
    gone = [[f"`{one}`", held.answer.value, held.mark, held.words] for one, held in readings().items()]
    counts = [["all", str(explored.questions)], *([verdict, str(count)] for verdict, count in explored.verdicts)]
    limit = rules.tolerance()
    return "\n".join(
        [
            "# The gate\n\nAny statutory `no` is `blocked` and nobody overrides it; else any `cannot_say` is `cannot_say`; else any "
            "`conditions` is `conditions`; else `pass`. Where no check of the ground applied the answer is `cannot_say`. What holds in "
            "principle passes only on a named person's written ground with its number. A yes whose source did not answer is no yes.\n\n"
            f"Overlaps and gaps up to {limit.m2} m² in all, and never more than {limit.share} of the ground, are printed and decide nothing "
            "(data/gate/checks.yaml). "
            f"Ground of {rules.least_m2():g} m² or less, or of more than {float(rules.largest_m2()) / 1e6:,.0f} km², is refused (the desk's own choice, K-high). "
            f"A plot within {rules.neighbour_m():g} m is told as a neighbour; no text read so far gives a distance (K-low).\n\n## Checks\n",
            table(["check", "what", "force", "citations", "reads", "mark"], checks),
            "\n## Acts\n\nWhat ground that is not clear brings at each act: `change` to a sensitive use without survey, unrelated "
            "`build`ing, suspected and polluted ground that `enters` the procedure.\n",
            table(["act", "order", "decided by", "change", "build", "enters"], made),
            "\n## Sensitive uses\n\nGroups of land codes and words stand in data/gate/uses.yaml. A code without its classification is "
            "`cannot_say` with the choices where its meanings differ. What the law does not clearly name is `cannot_say` there.\n",
            table(["law", "sensitive", "unclear", "reading"], sensitive),
            "\n## Ground of key units\n\nThe article asks the holder of the right for a survey before the use changes or the right is recalled "
            "or transferred. What a unit that is gone means for that is read so (data/gate/key_units.yaml); a survey older than the unit's "
            "stay does not count.\n",
            table(["the unit", "without survey", "mark", "reading"], gone),
            "\n## Local rules\n\nEach in its own place only. A place without a profile of the day has no local rules on record: "
            "`cannot_say`. An empty profile says that somebody looked and found none.\n",
            table(["place", "plan", "check", "acts", "force", "clause"], local),
            "\nMoments: in this state of plan, supply or recall what is owed is due before these acts; an unknown state asks every row.\n",
            table(["place", "row", "acts", "force", "clause"], moments),
            f"\n## What was tried\n\nThe model check asks every question of a small world at one act of each behaviour "
            f"({len(behaviours())} of {len(acts())} acts): uses, present uses, a day on both sides of the Code, two pieces with "
            "every kind of report, gaps at and just above the tolerance, plots, silent sources, and written grounds for everything. Never "
            "passed: a change to sensitive use on ground not wholly covered by an exit; anything unknown. Never anything but blocked: "
            "sensitive use on the roster. Never a ban without a statutory text of the day.\n",
            table(["answer", "questions"], counts),
        ]
    )


def _term_words(term: Term) -> str:
    """When something is due, in words."""
    words = {
        "counted": f"{f'{term.least}–' if term.least else ''}{term.most} {term.unit} after",
        "before": f"{term.most} {term.unit} before",
        "fixed": f"{term.day}{f', listed before {term.listed_before}' if term.listed_before else ''}",
        "yearly": ", ".join(f"{month:02}-{day:02}" for month, day in term.rounds),
        "none": "no day set",
        "unknown": "not known",
    }
    return words[term.kind]


def lab_file_page() -> str:
    """The exchange format of laboratory results, and the rules a file is checked by."""
    from soilrules import labcheck
    from soilrules.labtables import headings

    made = labcheck.current()
    roles = {one.id for one in headings.roles()}
    columns = [
        [one.heading, one.need, one.kind, "、".join(one.values), one.example, f"{one.note['en']} {one.note['zh']}"]
        for one in made.columns
    ]
    names = [[one.heading, "、".join(one.names)] for one in made.columns if one.key not in roles]
    rules = [
        [f"`{one.id}`", str(one.severity), one.mark, one.en, one.zh] for one in labcheck.rules().values() if one.in_use
    ]
    return "\n".join(
        [
            f"# The laboratory's file\n\n{made.title['en']}, version {made.version}, from {made.since}. "
            "`soildesk results check FILE` checks a file by the rules below, `soildesk results template OUT.xlsx` writes "
            "the Excel template. How a laboratory uses it: [检测结果文件怎样报送](../howto/lab-file.md).\n",
            table(["column", "need", "type", "values", "example", "note"], columns),
            "\n".join(f"- {one['en']} {one['zh']}" for one in made.rules),
            "\n## Headings\n\nBesides these words, the headings of [laboratory tables](lab-tables.md) are read; other "
            "layouts (wide, crossed, several header rows, blocks) are read and checked too.\n",
            table(["column", "words"], names),
            "## Rules\n\nAn error keeps a file from being sent, a warning is for a person to look at, an info only "
            "tells. Findings of the whole file stand on row 1, of a repetition on the later row. A mark says that the rule "
            "rests on knowledge and not on the print; such data can be switched off (data/labcheck).\n",
            table(["rule", "severity", "mark", "what", "中文"], rules),
        ]
    )


def supervision_page() -> str:
    """Slips, who may do what, and how a 分办 is handled: the tables and the drawing."""
    from soilrules.supervision.authorities import authorities, body_names
    from soilrules.supervision.handling import mermaid
    from soilrules.supervision.handling import table as handling
    from soilrules.supervision.ranking import table as ranking
    from soilrules.supervision.slips import customary

    names = body_names("en")
    slips = [
        [f"`{one.id}`", one.kind, one.colour, str(one.days), ", ".join(one.to), one.then or "", one.basis, one.mark]
        for one in customary().rules
    ]
    acts = [
        [one.en, one.zh, ", ".join(names[body] for body in one.bodies), one.basis, one.mark]
        for one in authorities().values()
    ]
    rows = [
        [
            f"`{one.act}`",
            one.zh,
            ", ".join(one.from_states),
            " or ".join(one.to),
            f"`{one.right}`",
            "yes" if one.ground else "",
        ]
        for one in handling().values()
    ]
    small = ranking().smallest
    items = [
        [f"`{one.id}`", one.names["en"], one.names["zh"], ", ".join(one.among), one.formulas["en"], one.mark]
        for one in ranking().items.values()
    ]
    return "\n".join(
        [
            "# Supervision\n",
            "Which slip is due is a pure function of facts; no colour and no number of days is law, so a place may put its own in their place. "
            "What is overdue always gets its slip.\n",
            "## Slips\n",
            table(["rule", "kind", "colour", "days", "to", "proposes", "basis", "mark"], slips),
            "## Who may do what\n",
            table(["act", "中文", "bodies", "basis", "mark"], acts),
            "## Handling of a 分办\n",
            f"```mermaid\n{mermaid('en')}\n```\n",
            table(["act", "中文", "from", "to", "right", "needs a ground"], rows),
            "## Ranking in a round of 调度\n",
            f"Each item for itself, among like units only; there is no score over several items. A unit with fewer than {small.cases} "
            f"cases and an item with fewer than {small.units} units to compare have no rank ({small.mark}); what is not known is no "
            "zero, equal shares share a rank, and where all are equal nobody is first.\n",
            table(["item", "what", "中文", "among", "formula", "mark"], items),
        ]
    )


def assessment_page() -> str:
    """The shipped schemes line by line with their marks, and the one table of acts."""
    from soilrules.assessment.life import table as life
    from soilrules.assessment.schemes import schemes

    parts = [
        "# Assessment\n",
        "A score follows from facts alone. What nobody knows makes it a range; a grade is said where both ends have the same one. "
        "Weights and targets are data: a place puts its own in their place. `weight_mark` says how sure a weight is.\n",
    ]
    for one in schemes().values():
        rows = [
            [f"`{each.id}`", each.title, str(each.weight), each.method, ", ".join(each.figures) or "stated by a person", each.basis, each.mark, each.weight_mark]
            for each in one.items
        ]  # fmt: skip
        grades = ", ".join(f"{each.title} ≥ {each.at_least}" for each in one.grades)
        parts += [
            f"## {one.title} (`{one.id}`)\n",
            f"{one.document} [{one.mark}]. {one.about} {grades} [{one.grades_mark}].\n",
            table(["item", "中文", "weight", "method", "figures", "basis", "mark", "weight_mark"], rows),
        ]
    acts = [
        [f"`{one.act}`", one.zh, one.side, ", ".join(one.from_states), one.to or "as it is", f"`{one.right}`", "yes" if one.ground else ""]
        for one in life().values()
    ]  # fmt: skip
    parts += ["## Acts\n", table(["act", "中文", "side", "from", "to", "right", "needs a ground"], acts)]
    return "\n".join(parts)


PAGES: dict[str, tuple[str, Callable[[], str]]] = {
    "commands.md": ("soildesk.cli.__main__", commands_page),
    "settings.md": ("soildesk.settings", settings_page),
    "permissions.md": ("soildesk.core.permissions", permissions_page),
    "measures.md": ("soildesk.kit.measures", measures_page),
    "tables.md": ("soildesk.core.models", tables_page),
    "lab-file.md": ("soilrules.labcheck", lab_file_page),
    "enterprise-duties.md": ("soilrules.enterprises.dutyrules", duties_page),
    "plot-life.md": ("soilrules.plots.life", plot_life_page),
    "gate.md": ("soilrules.gate", gate_page),
    "supervision.md": ("soilrules.supervision", supervision_page),
    "assessment.md": ("soilrules.assessment", assessment_page),
    "rules.md": ("soilrules", rules_page),
}


def stands(module: str) -> bool:
    """Whether a room of the house is built; its page comes with it."""
    return importlib.util.find_spec(module) is not None


def reference_pages() -> dict[str, str]:
    """File name to Markdown of every reference page."""
    start_django()
    return {name: make() for name, (module, make) in PAGES.items() if stands(module)}

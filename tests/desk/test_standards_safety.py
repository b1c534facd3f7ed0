"""Attacks on the room `standards`: strangers, other divisions and units, the same person twice, facts that would change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from judgement_world import AT, FARM, ROW, accepted, filled, kept, previewed, proposed, rows_of, tried
from risk_world import form, run, site

from soildesk.core import files, jobs
from soildesk.core.models import AuditEntry, FileUse, Job, RoleGrant
from soildesk.core.permissions import NotAllowed
from soildesk.standards import judging
from soildesk.standards.models import Evaluation, LocalEdition, LocalProposal, RiskDraft, RiskRun, Trial
from soildesk.standards.pages import evaluations
from soildesk.standards.pages.evaluations import MOST_CHANGES
from soildesk.standards.queries.judged import PER_PAGE, Comparison, table_of
from soildesk.standards.services import judgement, localtables
from soildesk.standards.services.localtables import LocalRefused
from soildesk.standards.services.tables import library_for, local_editions

SECRET = "机密地块甲"
LATER = AT + timedelta(days=1)
PAGES = {
    "trial": ("trial", "again", "keep"),
    "evaluation": ("evaluation", "rejudge", "compare", "report"),
    "site": ("risk_site", "risk_edit", "risk_assess", "risk_drop_draft", "risk_compare"),
    "run": ("risk_run", "risk_report", "risk_draw"),
    "proposal": ("proposal", "local_accept", "local_decline"),
    "edition": ("local_edition", "local_export"),
}
LISTS = ("evaluations", "local", "proposals", "risk_sites", "library")
REGISTERS = ("evaluations", "local", "proposals", "risk_sites")
OF_EVERYBODY_THERE = {"local", "library", "local_edition", "local_export"}
"""Standards of a place bind everybody who works there, whoever entered them."""


@pytest.fixture
def records(world: Any) -> dict[str, Any]:
    """One record of each kind, all of the district's office and all bearing a name nobody else may read."""
    place = site(world, SECRET)
    first = kept(world, title=SECRET, name=f"{SECRET}.txt")
    again = judgement.judge_anew(first, first.choices, by=world.actor("officer"), at=AT)
    judgement.keep(again, SECRET, by=world.actor("officer"), at=AT)
    later = {"名称": SECRET, "标准编号": "DB99/T 9-2027", "施行日期": "2027-01-01"}
    return {
        "trial": tried(world, name=f"{SECRET}.txt"),
        "evaluation": first,
        "site": place,
        "run": run(world, place),
        "edition": accepted(world, filled({"名称": SECRET})),
        "proposal": proposed(world, filled(later)),
    }


def pages(records: dict[str, Any]) -> dict[str, str]:
    """Every page of every record, by its name."""
    return {
        name: reverse(f"standards:{name}", args=[records[kind].uid]) for kind, names in PAGES.items() for name in names
    }


def written() -> dict[str, int]:
    """How many rows there are of everything an attack might write."""
    tables = (Trial, Evaluation, LocalEdition, LocalProposal, RiskDraft, RiskRun, AuditEntry, Job)
    return {one.__name__: one.objects.count() for one in tables}


def body(answer: Any) -> str:
    """What was answered, streamed or not."""
    return (b"".join(answer.streaming_content) if answer.streaming else answer.content).decode("utf-8", "replace")


def test_who_has_no_account_is_led_to_the_login_page(records: dict[str, Any], client: Client) -> None:
    before = written()
    for name, url in pages(records).items():
        for answer in (client.get(url), client.post(url, form())):
            assert answer.status_code in (302, 405), name
            assert answer.status_code == 405 or "login" in answer.headers["Location"], name
    for name in LISTS:
        assert "login" in client.get(reverse(f"standards:{name}")).headers["Location"]
    for use in FileUse.objects.all():
        assert client.get(reverse("core:file", args=[use.uid])).status_code == 404
    assert written() == before


@pytest.mark.parametrize("who", ["stranger", "town", "agriculture", "admin"])
def test_nobody_beyond_the_scope_reaches_a_record(
    world: Any, records: dict[str, Any], client: Client, who: str
) -> None:
    before = written()
    client.force_login(world.people[who])
    public = OF_EVERYBODY_THERE if who in ("town", "agriculture") else set()
    for name, url in pages(records).items():
        if name not in public:
            for answer in (client.get(url), client.post(url, form() | {"title": "x", "why": "x"})):
                assert answer.status_code in (403, 404, 405), f"{name}: {answer.status_code}"
    for name in set(LISTS) - public:
        assert SECRET not in body(client.get(reverse(f"standards:{name}"))), name
    for name in set(REGISTERS) - public:
        for kind in ("csv", "xlsx"):
            assert SECRET not in body(client.get(reverse(f"standards:{name}") + f"?export={kind}")), name
    assert SECRET not in body(client.get(reverse("home:search") + f"?q={SECRET[:-1]}"))
    for use in FileUse.objects.all():
        assert client.get(reverse("core:file", args=[use.uid])).status_code == 404, (use.subject_type, use.kind)
    assert written() == before


@pytest.mark.parametrize("who", ["town", "agriculture"])
def test_a_standard_of_the_place_is_read_by_everybody_judged_by_it(
    world: Any, records: dict[str, Any], client: Client, who: str
) -> None:
    client.force_login(world.people[who])
    page = client.get(reverse("standards:local_edition", args=[records["edition"].uid]))
    assert page.status_code == 200
    assert str(records["edition"].proposal.uid) not in page.content.decode(), "the proposal stays with the office"
    assert client.get(reverse("standards:local_export", args=[records["edition"].uid])).content[:2] == b"PK"


def test_a_division_beyond_the_grants_is_no_choice_of_a_posted_form(world: Any, client: Client) -> None:
    client.force_login(world.people["officer"])
    asked = {"standard": "gb15618", "division": world.other.pk, "on": "2026-11-20", "day_rule": "sampling"}
    assert client.post(reverse("standards:judge"), {**asked, "text": FARM}).status_code == 422
    trial, first = tried(world), kept(world)
    before = written()
    client.post(reverse("standards:again", args=[trial.uid]), asked)
    client.post(reverse("standards:rejudge", args=[first.uid]), asked)
    assert client.post(reverse("standards:risk_new"), {"name": "x", "division": world.other.pk}).status_code == 422
    assert written() == before


def test_what_is_judged_anew_stays_in_its_division(world: Any, client: Client) -> None:
    RoleGrant.objects.create(person=world.people["officer"], role=RoleGrant.Role.OFFICER, division=world.other)
    first = kept(world)
    anew = judgement.judge_anew(first, {**first.choices, "division": "990102"}, by=world.actor("officer"), at=AT)
    assert (anew.division, anew.choices["division"]) == (world.district, "990101")
    client.force_login(world.people["officer"])
    elsewhere = {"standard": "gb15618", "division": world.other.pk, "on": "2026-11-20", "day_rule": "sampling"}
    for name, record in (("rejudge", first), ("again", anew)):
        before = Trial.objects.count()
        client.post(reverse(f"standards:{name}", args=[record.uid]), elsewhere)
        assert Trial.objects.count() == before, f"{name} took the results to another place"


def test_a_comparison_takes_only_judgements_of_the_same_table_in_reach(world: Any, client: Client) -> None:
    one, other = kept(world, title="甲"), kept(world, title=SECRET, ph="6.0")
    client.force_login(world.people["officer"])
    answer = client.get(reverse("standards:compare", args=[one.uid]) + f"?with={other.uid}", follow=True)
    assert SECRET not in answer.content.decode()


def test_a_first_judgement_beyond_the_scope_is_not_named_by_its_second(world: Any, client: Client) -> None:
    first = kept(world, title=SECRET)
    officer = world.people["officer"]
    officer.department = world.departments["agriculture"]
    officer.save()
    anew = judgement.judge_anew(first, first.choices, by=world.actor("officer"), at=AT)
    second = judgement.keep(anew, "给农业农村局的", by=world.actor("officer"), at=AT)
    listed = reverse("standards:evaluations") + "?cols=title,anew"
    for who, named in (("officer", True), ("agriculture", False)):
        client.force_login(world.people[who])
        page = client.get(reverse("standards:evaluation", args=[second.uid])).content.decode()
        assert (SECRET in page) is named, who
        for url in (listed, listed + "&export=csv"):
            shown = body(client.get(url))
            assert "给农业农村局的" in shown
            assert (SECRET in shown) is named, who


def test_a_trial_is_kept_by_its_maker_alone(world: Any) -> None:
    trial = tried(world)
    with pytest.raises(NotAllowed):
        judgement.keep(trial, "甲", by=world.actor("issuer"), at=AT)
    assert not Evaluation.objects.exists()


def test_rights_lost_while_a_job_waits_stop_the_job(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judgement, "BY_JOB_BYTES", 1)
    trial = tried(world)
    RoleGrant.objects.filter(person=world.people["officer"]).update(division=world.other)
    assert jobs.run(Job.objects.get(uid=trial.job)).state == Job.State.FAILED
    trial.refresh_from_db()
    assert trial.state == Trial.State.WAITING


@pytest.mark.parametrize("how", ["cancelled", "broken"])
def test_a_trial_whose_job_ended_without_it_does_not_wait_for_ever(
    world: Any, client: Client, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    monkeypatch.setattr(judgement, "BY_JOB_BYTES", 1)
    trial = tried(world)
    row = Job.objects.get(uid=trial.job)
    if how == "cancelled":
        jobs.cancel(row, by=world.actor("officer"))
    else:
        monkeypatch.setattr(judgement, "run", lambda *_a, **_k: 1 / 0)
        jobs.run(row)
    client.force_login(world.people["officer"])
    page = client.get(reverse("standards:trial", args=[trial.uid])).content.decode()
    assert "没有判完" in page and "正在判定" not in page


def test_a_table_that_takes_long_is_left_to_a_job(world: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = judging.TooSlow({"zh": "太慢", "en": "too slow"})
    given: list[Any] = []

    def judge(table: Any, *, limits: Any) -> Any:
        given.append(limits)
        raise slow

    monkeypatch.setattr(judging, "judge", judge)
    trial = tried(world)
    assert trial.state == Trial.State.WAITING and trial.job
    assert given[0].cpu_seconds < judging.LIMITS.cpu_seconds, "a page does not wait as long as a job"


def test_the_time_a_page_waits_is_kept(world: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("while True: pass", "utf-8")
    monkeypatch.setattr(judging, "CHILD", endless)
    monkeypatch.setattr(judging.sandbox, "WAITING", 1)
    short = replace(judging.AT_ONCE, cpu_seconds=1)
    with pytest.raises(judging.TooSlow):
        judging.judge(judging.Table(FARM.encode(), "表.txt", {}), limits=short)


@pytest.mark.parametrize("name", ["1#", "A&B", "甲+1", "50%", 'x"y', "a=b"])
def test_a_sample_is_found_by_its_link_whatever_its_name(world: Any, client: Client, name: str) -> None:
    trial = tried(world, f"样品编号\tpH\t用地类型\t镉(mg/kg)\n{name}\t5.4\t水田\t0.42\nT2\t5.4\t水田\t0.1\n")
    client.force_login(world.people["officer"])
    url = reverse("standards:trial", args=[trial.uid])
    first = client.get(url).context["judged"].samples[0]
    assert first.name == name
    assert client.get(url + first.url.partition("#")[0]).content.decode().count('class="result"') == 1


# standards of a place


def in_force(world: Any) -> dict[str, tuple[str, str]]:
    """The known editions of the district; the library takes them together."""
    library_for(world.district)
    return {one.standard: (str(one.since), str(one.until)) for one in local_editions(world.district)}


def put(world: Any, head: dict[str, Any], rows: list[dict[str, Any]] | None = None) -> LocalEdition:
    """Proposed and accepted a day later."""
    return accepted(world, filled(head, rows), LATER)


def test_an_edition_of_the_past_leaves_the_present_one_in_force(world: Any) -> None:
    accepted(world)
    put(world, {"标准编号": "DB99/T 50-2019", "施行日期": "2019-01-01", "废止日期": "2021-01-01"})
    assert in_force(world) == {
        "DB99/T 101-2026": ("2026-09-01", "None"),
        "DB99/T 50-2019": ("2019-01-01", "2021-01-01"),
    }


def test_an_earlier_edition_without_its_end_is_refused(world: Any) -> None:
    accepted(world)
    with pytest.raises(LocalRefused, match="请在“废止日期”写 2026-09-01"):
        put(world, {"标准编号": "DB99/T 50-2019", "施行日期": "2019-01-01"})
    assert in_force(world) == {"DB99/T 101-2026": ("2026-09-01", "None")}


def test_two_proposals_made_before_either_is_accepted_do_not_overlap(world: Any) -> None:
    late, early = proposed(world), proposed(world, filled({"标准编号": "DB99/T 50-2019", "施行日期": "2019-01-01"}))
    localtables.accept(late, by=world.actor("issuer"), at=AT)
    with pytest.raises(LocalRefused, match="重叠"):
        localtables.accept(early, by=world.actor("issuer"), at=LATER)
    early.refresh_from_db()
    assert early.state == LocalProposal.State.OPEN
    assert in_force(world) == {"DB99/T 101-2026": ("2026-09-01", "None")}


@pytest.mark.parametrize("number", ["DB99/T 101-2026", "DB99T 101-2026", "db99/t101-2026"])
def test_one_number_over_two_national_standards_is_refused(world: Any, number: str) -> None:
    accepted(world)
    with pytest.raises(LocalRefused, match="编号"):
        put(
            world,
            {"标准编号": number, "补充的国家标准": "GB 15618"},
            [{**ROW, "项目": "镉", "用途": "水田", "限值": "0.2"}],
        )
    assert rows_of(tried(world)), "the place is judged as before"


def test_one_number_in_two_spellings_does_not_stop_every_judgement_of_the_place(world: Any) -> None:
    accepted(world)
    with pytest.raises(LocalRefused, match="只差符号"):
        put(world, {"标准编号": "DB99T 101-2026", "施行日期": "2027-01-01"})
    assert rows_of(tried(world))


@pytest.mark.parametrize(("name", "most"), [("标准编号", 80), ("名称", 200), ("发布机关", 120), ("文号", 80)])
def test_a_head_longer_than_its_column_is_refused_in_words(world: Any, name: str, most: int) -> None:
    batch = previewed(world, filled({name: "长" * (most + 1)}))
    assert f"最多 {most} 个" in "".join(one for row in batch.rows.all() for one in row.messages)


def test_a_second_role_does_not_make_a_second_person(world: Any, client: Client) -> None:
    RoleGrant.objects.create(person=world.people["officer"], role=RoleGrant.Role.ISSUER, division=world.city)
    proposal = proposed(world)
    client.force_login(world.people["officer"])
    client.post(reverse("standards:local_accept", args=[proposal.uid]))
    assert not LocalEdition.objects.exists()


def test_accepted_or_declined_once_a_proposal_stays_so(world: Any, client: Client) -> None:
    proposal = proposed(world)
    edition = localtables.accept(proposal, by=world.actor("issuer"), at=AT)
    data, entries = edition.data, AuditEntry.objects.count()
    client.force_login(world.people["issuer"])
    for name in ("local_accept", "local_decline"):
        client.post(reverse(f"standards:{name}", args=[proposal.uid]), {"why": "改主意"})
    with pytest.raises(LocalRefused):
        localtables.decline(proposal, why="x", by=world.actor("officer"), at=LATER)
    found = LocalEdition.objects.get()
    assert (found.data, found.superseded_at, AuditEntry.objects.count()) == (data, None, entries)


def test_what_was_known_on_a_day_stays_known_after_every_later_act(world: Any) -> None:
    first = accepted(world)
    stored = LocalEdition.objects.filter(pk=first.pk).values("data", "since", "until", "recorded_at").get()
    judged = tried(world, "样品,砷(mg/kg)\nB1,18\n", standard="gb36600", land_class="第一类用地")
    evaluation = judgement.keep(judged, "甲", by=world.actor("officer"), at=AT)
    frozen = Evaluation.objects.filter(pk=evaluation.pk).values().get()
    put(world, {"标准编号": "DB99/T 102-2027", "施行日期": "2027-01-01"})
    judgement.judge_anew(evaluation, evaluation.choices, by=world.actor("officer"), at=LATER)
    assert LocalEdition.objects.filter(pk=first.pk).values("data", "since", "until", "recorded_at").get() == stored
    assert Evaluation.objects.filter(pk=evaluation.pk).values().get() == frozen
    assert [one.pk for one in local_editions(world.district, AT)] == [first.pk]


# long tables


def test_tables_read_alike_and_tables_searched_give_the_same_comparison(world: Any) -> None:
    before = table_of(tried(world))
    after = table_of(tried(world, ph="6.0"))
    alike = Comparison.of(before, after)
    turned = Comparison.of(before, after.take(list(reversed(range(after.num_rows)))))
    shown = [{(one.row["sample"], one.row["name"]) for one in each.rows(each.pairs)} for each in (alike, turned)]
    assert shown == [{("T03", "镉"), ("T03", "铜")}] * 2
    assert (alike.of_verdict, alike.of_limit) == (list(alike.pairs), [])
    lost = Comparison.of(before, after.slice(0, 4))
    assert {j for _i, j in lost.pairs} == {None}, "a result only one of them has is a change"


def test_a_long_comparison_makes_only_the_rows_it_shows(world: Any, client: Client) -> None:
    lines = "\n".join(f"T{i},5.4,水田,0.{i % 90 + 10}" for i in range(3000))
    table = f"样品,pH,用地类型,镉(mg/kg)\n{lines}\n"
    first = kept(world, table, name="长.csv")
    anew = judgement.judge_anew(first, {**first.choices, "standard": "gb36600"}, by=world.actor("officer"), at=AT)
    second = judgement.keep(anew, "乙", by=world.actor("officer"), at=AT)
    client.force_login(world.people["officer"])
    page = client.get(reverse("standards:compare", args=[second.uid]))
    assert len(page.context["changes"]) == MOST_CHANGES
    assert page.context["left_out"] + MOST_CHANGES == page.context["of_verdict"]
    listed = client.get(reverse("standards:evaluation", args=[second.uid]))
    assert listed.content.decode().count('class="result"') == PER_PAGE


def test_the_report_of_a_long_table_is_made_by_a_job_for_whoever_may_still_see_it(
    world: Any, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluations, "REPORT_AT_ONCE", 3)
    found = kept(world, title="长表")
    client.force_login(world.people["officer"])
    for rights in (True, False):
        answer = client.get(reverse("standards:report", args=[found.uid]))
        row = Job.objects.get(kind="standards.report", state=Job.State.WAITING)
        assert answer.headers["Location"] == reverse("core:job", args=[row.uid])
        if not rights:
            RoleGrant.objects.filter(person=world.people["officer"]).update(division=world.other)
        jobs.run(row)
        row.refresh_from_db()
        assert row.state == (Job.State.DONE if rights else Job.State.FAILED)
        assert bool(row.result_file) is rights
    made = FileUse.objects.get(kind="result")
    assert made.name == "长表判定报告.xlsx" and files.read(made)[:2] == b"PK"


def test_a_comparison_in_english_says_the_use_in_english(world: Any, client: Client) -> None:
    first = kept(world)
    anew = judgement.judge_anew(first, {**first.choices, "ph": "6.0"}, by=world.actor("officer"), at=AT)
    second = judgement.keep(anew, "B", by=world.actor("officer"), at=AT)
    world.people["officer"].language = "en"
    world.people["officer"].save()
    client.force_login(world.people["officer"])
    page = client.get(reverse("standards:compare", args=[second.uid])).content.decode()
    assert "Use none → " in page and "其他" not in page

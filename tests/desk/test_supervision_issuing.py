"""The daily task: what is due becomes papers, once, with numbers, answers owed, messages and letters; gaps are made up for."""

from __future__ import annotations

import socket
import socketserver
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from desk.ledger_world import at_unit, published
from desk.supervision_world import BEGAN, Supervised, morning
from soildesk.core import duties
from soildesk.core.models import AuditEntry, Department, Duty, Message
from soildesk.plans.services import work
from soildesk.supervision.models import Mail, Run, Slip
from soildesk.supervision.queries import mails
from soildesk.supervision.refusals import SupervisionRefused
from soildesk.supervision.services import issuing, mailing, matters, ruling
from soildesk.supervision.services.ruling import Version

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 13)  # a Friday


@pytest.fixture
def made(world: Any) -> Supervised:
    return Supervised(world)


def told(slips: list[Slip]) -> list[tuple[str, date, str]]:
    return [(one.colour, one.on, one.state) for one in slips]


def test_an_overdue_matter_gets_its_slips_in_order_with_numbers(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=DUE)
    made.run(date(2026, 11, 20))
    slips = made.slips(duty)
    assert told(slips) == [
        ("blue", date(2026, 11, 6), "followed"),
        ("yellow", date(2026, 11, 11), "followed"),
        ("red", date(2026, 11, 14), "followed"),
        ("red", date(2026, 11, 20), "waiting"),
    ]
    assert [one.number for one in slips] == [f"督办〔2026〕{n}号" for n in range(1, 5)]
    assert [one.follows_id for one in slips] == [None, *(one.pk for one in slips[:-1])]
    assert {one.owner_department for one in slips} == {made.office}
    assert slips[-1].proposes == "circular"


def test_running_each_day_and_once_after_a_gap_say_the_same(made: Supervised) -> None:
    seldom = [made.matter("少运行", due=DUE), made.matter("少运行而有进展", due=date(2026, 11, 17))]
    last = date(2026, 11, 20)
    made.run(last)
    after_gap = [[(one.key, one.on, one.colour, one.state) for one in made.slips(duty)] for duty in seldom]
    Slip.objects.all().delete()
    Run.objects.all().delete()
    day = BEGAN
    while day <= last:
        made.run(day)
        day += timedelta(days=1)
    assert [[(one.key, one.on, one.colour, one.state) for one in made.slips(duty)] for duty in seldom] == after_gap


def test_running_again_makes_nothing_twice(made: Supervised) -> None:
    made.matter("地面防渗层破损", due=DUE)
    assert made.run(date(2026, 11, 20)) > 0
    before = Slip.objects.count(), Message.objects.count(), AuditEntry.objects.count()
    assert made.run(date(2026, 11, 20)) == 0
    assert made.run(date(2026, 11, 18)) == 0
    assert (Slip.objects.count(), Message.objects.count(), AuditEntry.objects.count()) == before


def test_a_run_is_one_entry_in_the_audit(made: Supervised) -> None:
    made.matter("甲", due=DUE)
    made.matter("乙", due=DUE)
    made.run(date(2026, 11, 20))
    (entry,) = AuditEntry.objects.filter(act="supervision.slips.issued")
    assert entry.data["count"] == Slip.objects.count()


def test_without_a_campaign_office_nothing_is_issued_and_the_refusal_says_what_to_do(world: Any) -> None:
    with pytest.raises(SupervisionRefused, match="指挥部办公室") as refused:
        ruling.set_rules(world.district, Version(world.day), by=world.actor("issuer"), at=world.at)
    assert refused.value.code == "supervision.rules.office"


def test_where_supervision_is_switched_off_nothing_more_is_issued(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=DUE)
    made.rules(Version(date(2026, 11, 12), in_use=False, ground="区政府会议纪要"))
    made.run(date(2026, 11, 20))
    assert [one.colour for one in made.slips(duty)] == ["blue", "yellow"]


def test_what_a_firm_owes_gets_no_slip(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=DUE)
    Duty.objects.filter(pk=duty.pk).update(unit=None)
    assert made.run(date(2026, 11, 20)) == 0


def test_an_answer_is_owed_and_ends_when_the_matter_is_done(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=DUE)
    made.run(date(2026, 11, 16))
    red = made.slips(duty)[-1]
    owed = Duty.objects.for_subject(red).get()
    assert (owed.unit, owed.due, owed.done_on) == (made.world.departments["agriculture"], date(2026, 11, 18), None)
    duties.done(duty, on=date(2026, 11, 17), by=made.by(date(2026, 11, 17)))
    made.run(date(2026, 11, 17))
    red.refresh_from_db()
    owed.refresh_from_db()
    assert (red.state, red.ended_on, owed.done_on) == ("done", date(2026, 11, 17), date(2026, 11, 17))


def test_a_slip_stays_when_its_duty_goes_and_says_what_it_was_about(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=DUE)
    made.run(date(2026, 11, 16))
    title = duty.title
    duty.delete()
    made.run(date(2026, 11, 17))
    slip = Slip.objects.filter(colour="red").get()
    assert (slip.duty, slip.title, slip.state) == (None, title, "over")


def test_a_duty_that_comes_back_is_the_same_matter(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=DUE)
    made.run(date(2026, 11, 16))
    count = Slip.objects.count()
    duty.pk, old = None, duty.pk
    Duty.objects.filter(pk=old).delete()
    duty.uid = None or Duty().uid
    duty.save(force_insert=True)
    assert made.run(date(2026, 11, 17)) == 0
    assert Slip.objects.count() == count
    assert Slip.objects.get(colour="red", state="waiting").duty == duty


def test_progress_told_in_the_ledger_heeds_the_slip(world: Any) -> None:
    plan = published(world)
    made = Supervised(world, began=date(2026, 11, 2))
    duty = Duty.objects.filter(
        subject_type="plans.plantask", due__isnull=False, unit__isnull=False, live_from__isnull=False
    )
    row = duty.filter(done_on=None).order_by("due").first()
    Duty.objects.filter(pk=row.pk).update(due=DUE, issued_on=date(2026, 1, 5))
    made.run(date(2026, 11, 6))
    waiting = made.slips(row)[-1]
    assert (waiting.colour, waiting.state) == ("yellow", "waiting")
    task = plan.tasks.get(pk=row.subject_id)
    said = work.Report("正在招标。")
    work.report(
        at_unit(plan, task.number, row.unit), said, by=made.by(date(2026, 11, 9)), at=morning(date(2026, 11, 9))
    )
    made.run(date(2026, 11, 13))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.answer_kind, waiting.answered_on) == ("answered", "progress", date(2026, 11, 9))


def test_people_get_one_message_a_run_however_many_slips_there_are(made: Supervised) -> None:
    made.matter("甲", due=DUE)
    made.run(date(2026, 11, 16))
    (single,) = Message.objects.filter(person__username="agriculture")
    red = Slip.objects.get(colour="red")
    assert red.number in single.text
    assert single.link.endswith(str(red.uid))
    for name in ("乙", "丙"):
        made.matter(name, due=date(2026, 11, 16))
    made.run(date(2026, 11, 17))
    many = Message.objects.filter(person__username="agriculture").latest("id")
    assert "红色督办单 2 件" in many.text
    assert Message.objects.filter(person__username="chief").count() == 2


def test_the_place_below_with_rules_of_its_own_runs_itself(made: Supervised) -> None:
    town = made.world.towns["柏庄镇"].division
    duty = made.matter("镇里的问题", due=DUE, town="柏庄镇")
    day = date(2026, 11, 12)
    ruling.name_office(town, made.office, ruling.Body.CAMPAIGN_OFFICE, "镇政府文件", by=made.by(day), at=morning(day))
    ruling.set_rules(town, Version(day), by=made.by(day), at=morning(day))
    made.run(date(2026, 11, 16))
    assert made.slips(duty) == []
    issuing.run(town, by=made.by(date(2026, 11, 16)), at=morning(date(2026, 11, 16)))
    assert [one.colour for one in made.slips(duty)] == ["blue", "red"]


def test_the_daily_task_runs_each_place_once_a_day(made: Supervised, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-16")
    made.matter("甲", due=DUE)
    issuing.keep_up()
    count = Slip.objects.count()
    assert count
    issuing.keep_up()
    assert Run.objects.count() == 1
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-20")
    issuing.keep_up()
    assert Run.objects.count() == 2
    assert Slip.objects.count() > count


def test_one_place_that_refuses_does_not_stop_the_others(
    made: Supervised, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    monkeypatch.setenv("SOILDESK_TODAY", "2026-11-16")
    made.matter("甲", due=DUE)
    other = made.world.other
    day = BEGAN
    office = Department.objects.create(name="赤岩区指挥部办公室", division=other)
    row = ruling.name_office(other, office, ruling.Body.CAMPAIGN_OFFICE, "文件", by=made.by(day), at=morning(day))
    ruling.set_rules(other, Version(day), by=made.by(day), at=morning(day))
    row.until = day
    row.save()
    issuing.keep_up()
    assert Slip.objects.exists()
    assert "指挥部办公室" in caplog.text


class Taking(socketserver.StreamRequestHandler):
    """A mail server that takes everything."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        data = False
        for line in self.rfile:
            if data:
                self.server.lines.append(line)  # type: ignore[attr-defined]
                data = line != b".\r\n"
                if not data:
                    self.wfile.write(b"250 ok\r\n")
                continue
            word = line[:4].upper().strip()
            data = word == b"DATA"
            no = line.lower().startswith(b"rcpt to:<refused@")
            answer = (
                b"550 no such user\r\n"
                if no
                else b"354 go\r\n"
                if data
                else b"221 bye\r\n"
                if word == b"QUIT"
                else b"250 ok\r\n"
            )
            self.wfile.write(answer)
            if word == b"QUIT":
                return


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Any]:
    with socketserver.TCPServer(("127.0.0.1", 0), Taking) as server:
        server.lines = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        settings.DEFAULT_FROM_EMAIL = "desk@example.gov.cn"
        yield server
        server.shutdown()
        thread.join()


def _a_letter_waits(made: Supervised) -> None:
    unit = made.world.departments["agriculture"]
    ruling.set_address(unit, "nongye@example.gov.cn", by=made.by(BEGAN), at=morning(BEGAN))
    made.matter("甲", due=DUE)
    made.run(date(2026, 11, 16))


def test_a_letter_is_sent_and_kept_as_sent(made: Supervised, mailbox: Any) -> None:
    _a_letter_waits(made)
    assert mailing.send_waiting(at=morning(date(2026, 11, 16))) == 1
    assert b"nongye@example.gov.cn" in b"".join(mailbox.lines)
    letter = Mail.objects.get()
    assert letter.sent_at == morning(date(2026, 11, 16))
    assert mailing.send_waiting(at=morning(date(2026, 11, 17))) == 0


def test_nothing_is_lost_while_mail_is_down(made: Supervised, mailbox: Any, settings: Any) -> None:
    _a_letter_waits(made)
    here = settings.EMAIL_PORT
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        settings.EMAIL_PORT = taken.getsockname()[1]
        at = morning(date(2026, 11, 16))
        assert mailing.send_waiting(at=at) == 0
        letter = Mail.objects.get()
        assert (letter.tries, letter.sent_at) == (1, None)
        assert "Refused" in letter.error
        assert mailing.send_waiting(at=at + timedelta(minutes=1)) == 0
        letter.refresh_from_db()
        assert letter.tries == 1, "it waits before it is tried again"
    settings.EMAIL_PORT = here
    assert mailing.send_waiting(at=at + timedelta(hours=2)) == 1


def _waiting(to: str, subject: str = "督办", at: date = DUE) -> Mail:
    return Mail.objects.create(to=to, subject=subject, body="请办理。", queued_at=morning(at), next_try_at=morning(at))


def test_one_letter_that_cannot_go_stops_no_other_and_is_told(made: Supervised, mailbox: Any) -> None:
    """A subject of two lines is no header, and a server may refuse one address of many."""
    two_lines = _waiting("nongye@example.gov.cn", "一、防渗\n二、清运")
    refused, last = _waiting("refused@example.gov.cn"), _waiting("shuili@example.gov.cn")
    unit = made.world.departments["agriculture"]
    ruling.set_address(unit, refused.to, by=made.by(DUE), at=morning(DUE))
    assert mailing.send_waiting(at=morning(DUE)) == 2
    for letter in (two_lines, refused, last):
        letter.refresh_from_db()
    assert (two_lines.sent_at is None, refused.sent_at is None, last.sent_at is None) == (False, True, False)
    (trouble,) = mails.troubles(made.world.district)
    assert (trouble.address, trouble.waiting) == (refused.to, 1)
    assert "不接受发给这个地址" in trouble.why
    ruling.set_address(unit, "xin@example.gov.cn", by=made.by(DUE), at=morning(DUE))
    assert mailing.send_waiting(at=morning(DUE)) == 1
    assert mails.troubles(made.world.district) == []
    assert b"".join(mailbox.lines).count(b"xin@example.gov.cn") == 1


def test_a_server_that_is_down_is_asked_once_however_many_letters_wait(
    made: Supervised, mailbox: Any, settings: Any
) -> None:
    here = settings.EMAIL_PORT
    for turn in range(3):
        _waiting(f"{turn}@example.gov.cn")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        settings.EMAIL_PORT = taken.getsockname()[1]
        assert mailing.send_waiting(at=morning(DUE)) == 0
    assert sorted(Mail.objects.values_list("tries", flat=True)) == [0, 0, 1]
    settings.EMAIL_PORT = here
    assert mailing.send_waiting(at=morning(DUE) + timedelta(hours=1)) == 3


def test_a_matter_of_two_lines_is_told_in_a_subject_of_one(made: Supervised) -> None:
    unit = made.world.departments["agriculture"]
    ruling.set_address(unit, "nongye@example.gov.cn", by=made.by(BEGAN), at=morning(BEGAN))
    made.matter("一、防渗\n二、清运", due=DUE)
    made.run(date(2026, 11, 16))
    assert "\n" not in Mail.objects.get().subject


def test_one_place_that_breaks_does_not_stop_the_others_nor_the_mail(
    made: Supervised, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[object] = []

    def broken(*_args: object, **_said: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(issuing, "run", broken)
    monkeypatch.setattr(mailing, "send_waiting", lambda *, at: sent.append(at))
    issuing.keep_up()
    assert sent


def test_without_a_mail_server_letters_wait(made: Supervised, settings: Any) -> None:
    settings.EMAIL_HOST = ""
    _a_letter_waits(made)
    assert mailing.send_waiting(at=morning(date(2026, 11, 16))) == 0
    assert Mail.objects.get().tries == 0


def test_a_suspension_rests_the_escalation_and_ends_by_its_day(made: Supervised) -> None:
    duty = made.matter("地面防渗层破损", due=DUE)
    asked = matters.ask_suspension(
        duty, matters.Suspension.Cause.WORKS, date(2026, 11, 18), made.act("agriculture", "在施工。", date(2026, 11, 3))
    )
    matters.grant_suspension(asked, made.act("chief", "同意。", date(2026, 11, 4)))
    made.run(date(2026, 11, 17))
    assert made.slips(duty) == []
    made.run(date(2026, 11, 18))
    assert told(made.slips(duty)) == [("red", date(2026, 11, 18), "waiting")]
    asked.refresh_from_db()
    assert asked.state == "ended"

"""Every part on one page, with neutral words: for looking, for axe, and as the reference of whoever builds pages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from soildesk.core.permissions import require
from soildesk.kit.access import actor_of, staff_page
from soildesk.kit.day import page_day
from soildesk.kit.drawing import Bar, Dot, Timeline, TimelineRow
from soildesk.kit.parts import Act, Chip, Event, Fact, File, Step, Tab, Tile

CHIPS = [
    Chip("good", "符合"),
    Chip("bad", "不符合", why="测得 3 件，要求不少于 5 件", url="#why"),
    Chip("warn", "将到期"),
    Chip("busy", "办理中"),
    Chip("calm", "未开始"),
    Chip("unknown", "无法判断", why="没有找到记录，也没有证据说明没有"),
]


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("名称"), max_length=40, help_text=_("写全称，与公章一致。"))
    count = forms.IntegerField(label=_("数量（件）"), min_value=0)
    day = forms.DateField(
        label=_("日期"), required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    kind = forms.ChoiceField(label=_("类别"), choices=[("a", "甲"), ("b", "乙")])
    note = forms.CharField(label=_("说明"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    sure = forms.BooleanField(label=_("已核对"), required=False)

    def clean_count(self) -> int:
        """Refuse what cannot be."""
        count: int = self.cleaned_data["count"]
        if count > 5:
            raise ValidationError(_("数量 %(count)s 超过本期上限 5 件：请核对后重填。"), params={"count": count})
        return count


def sample_timeline(on: date) -> Timeline:
    """A timeline with every mark."""
    start = on.replace(month=1, day=1)
    return Timeline(
        "示例时间线",
        [
            TimelineRow("事项一：一个很长很长很长很长的名称", [Dot(start + timedelta(80), "按时完成", "good")]),
            TimelineRow("事项二", [Dot(start + timedelta(200), "逾期", "bad"), Dot(start + timedelta(350), "未到")]),
            TimelineRow("事项三", bars=[Bar(start + timedelta(30), start + timedelta(260), "全年推进", "busy")]),
            TimelineRow("事项四", [Dot(start + timedelta(300), "日期待定", "unknown")]),
        ],
        on,
    )


def _samples(on: date) -> dict[str, object]:
    moment = datetime.combine(on, time(9, 30), timezone.get_current_timezone())
    return {
        "record_title": "示例记录", "record_code": "SL-2026-001", "record_chips": [CHIPS[3], CHIPS[5]],
        "record_life": [
            Step("登记", "done", on - timedelta(90)), Step("受理", "done", on - timedelta(80)),
            Step("补正", "missing", note="材料"), Step("审核", "here", on), Step("办结", "ahead"),
        ],
        "record_acts": [
            Act("办结", "#", icon="check", post=True, primary=True, confirm="办结后不能再改，确定办结？"),
            Act("退回", dialog="sample-dialog", icon="reply"),
            Act("打印", "#", icon="printer"),
            Act("删除", stopped_by="已有办理记录，不能删除；可以撤回。"),
        ],
        "record_facts": [
            Fact("名称", "示例记录"), Fact("承办单位", "某单位", url="#"),
            Fact("数量", "1,234.5", note="件"), Fact("时限", None),
            Fact("日期", "2026-06-31", doubt="六月没有 31 日，请核对原文"), Fact("来源文件", "附件一", source="第 3 页第 2 行"),
        ],
        "record_history": [
            Event(moment, "张三", "审核", "材料不全，已告知补正"), Event(moment - timedelta(days=3), "李四", "受理"),
        ],
        "record_files": [
            File("说明材料.docx", "#", 24_320, "佐证", moment, "张三", "第一稿"),
            File("旧材料.pdf", "#", 1_024_000, "佐证", moment, "李四", withdrawn="文件有误"),
        ],
        "record_tabs": [Tab("全部", "#", True, 12), Tab("待办", "#", count=3), Tab("办结", "#", count=9)],
        "chips": CHIPS,
        "tiles": [
            Tile("今日到期", 3, "#", "warn"), Tile("已逾期", 2, "#", "bad", "最早 12 天"), Tile("已办结", 128, "#", "good"),
            Tile("办理中", 17, "#", "busy"), Tile("待定", 6, "#"), Tile("达标率", None, "#", "unknown", "缺 2 个单位的数"),
        ],
    }  # fmt: skip


@staff_page()
def gallery(request: HttpRequest) -> HttpResponse:
    """Show every part; for administrators, or while developing."""
    if not settings.DEBUG:
        require(actor_of(request), "core.read_system")
    on = page_day(request)
    form = SampleForm(request.POST or {"name": "", "count": "9"})
    page = {"form": form, "timeline": sample_timeline(on), "crumbs": [("系统", "#"), ("部件", "")], **_samples(on)}
    return render(request, "kit/gallery.html", page)

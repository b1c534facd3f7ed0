"""The words the map's scripts say; texts stay in one catalogue with all others."""

from __future__ import annotations

from django.utils.translation import gettext as _


def for_script() -> dict[str, str]:
    """Every sentence by its name."""
    return {
        "map": _("地图"),
        "zoom_in": _("放大"),
        "zoom_out": _("缩小"),
        "north": _("回到正北"),
        "locate": _("我的位置"),
        "locate_failed": _("没有取得位置：请允许浏览器使用定位，或直接搜索地块。"),
        "here": _("您在这里，误差约 %(metres)s 米"),
        "failed": _("没有取到数据：请检查网络后再试。"),
        "refused": _("没有这个图层，或没有查看权限。"),
        "no_webgl": _("此浏览器不能显示地图（缺少 WebGL）。可用下方的文字清单，或换用新版浏览器。"),
        "draw_polygon": _("依次点击拐点，双击或点回起点结束；Esc 取消。"),
        "draw_linestring": _("依次点击，双击结束；Esc 取消。"),
        "draw_point": _("点击地图放一个点。"),
        "draw_box": _("按住拖出一个框；触屏上点两个对角。"),
        "start_polygon": _("重新画范围"),
        "start_linestring": _("重新画线"),
        "start_point": _("重新标点"),
        "edit": _("可拖动拐点修改；选中拐点按 Delete 删除。"),
        "area": _("面积"),
        "length": _("长度"),
        "perimeter": _("周长"),
        "mu": _("亩"),
        "hectares": _("公顷"),
        "square_metres": _("平方米"),
        "metres": _("米"),
        "kilometres": _("千米"),
        "copied": _("已复制"),
        "copy_failed": _("浏览器不允许复制：请选中文字后按 Ctrl+C。"),
        "on_day": _("截至 %(day)s"),
        "unclassed": _("未分级"),
        "approval": _("审图号：%(number)s"),
        "scale": _("约 1:%(number)s"),
        "nothing_shown": _("没有打开任何图层"),
    }

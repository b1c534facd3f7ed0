"""What the acts of this room are called in the audit."""

from django.utils.translation import gettext_lazy as _

from soildesk.core import audit_words

audit_words.register(
    {
        "land.parcelversion": _("地块"),
        "land.layer": _("图层"),
        "land.unusedlandversion": _("未利用地"),
        "land.patrol": _("巡查记录"),
        "land.parcel.registered": _("登记地块"),
        "land.parcel.changed": _("变更地块"),
        "land.parcel.corrected": _("更正地块"),
        "land.parcel.coded": _("登记其他代码"),
        "land.parcel.photographed": _("上传地块照片"),
        "land.parcel.ended": _("终止地块"),
        "land.parcel.split": _("分割地块"),
        "land.parcel.merged": _("合并地块"),
        "land.parcel.boundary_moved": _("调整地块界线"),
        "land.layer.made": _("新建图层"),
        "land.layer.described": _("修改图层说明"),
        "land.layer.edition_accepted": _("采用图层版本"),
        "land.layer.published": _("公开图层版本"),
        "land.layer.withdrawn": _("撤下公开的图层版本"),
        "land.unused.registered": _("登记未利用地"),
        "land.unused.changed": _("变更未利用地"),
        "land.unused.corrected": _("更正未利用地"),
        "land.unused.ended": _("终止未利用地"),
        "land.patrol.recorded": _("登记巡查"),
        "land.patrol.closed": _("办结巡查发现"),
    }
)

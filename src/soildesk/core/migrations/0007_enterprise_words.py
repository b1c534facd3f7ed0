# Kinds of duties and roles are words for people: nothing changes in the tables.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0006_monitoring_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="duty",
            name="kind",
            field=models.CharField(
                choices=[
                    ("milestone", "任务节点"),
                    ("standing_check", "长期任务填报"),
                    ("assignment", "分办"),
                    ("review_date", "复核日期"),
                    ("receipt", "签收"),
                    ("closing", "总结"),
                    ("land.patrol", "巡查"),
                    ("monitoring.sampling", "采样任务"),
                    ("monitoring.campaign", "监测任务"),
                    ("monitoring.share", "监测数据共享"),
                    ("monitoring.alert", "预警处置"),
                    ("enterprises.duty", "企业义务"),
                    ("enterprises.filing", "企业申报审核"),
                    ("enterprises.hazard", "隐患整改"),
                    ("enterprises.case", "异常数据调查"),
                    ("oversight.problem", "问题整改"),
                    ("oversight.visit", "现场检查"),
                ],
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="rolegrant",
            name="role",
            field=models.CharField(
                choices=[
                    ("admin", "系统管理员"),
                    ("officer", "经办人"),
                    ("issuer", "方案签发人"),
                    ("department", "责任单位人员"),
                    ("town", "镇街人员"),
                    ("reader", "查阅"),
                    ("auditor", "审计"),
                    ("laboratory", "检测机构人员"),
                    ("enterprise", "企业人员"),
                ],
                max_length=12,
                verbose_name="角色",
            ),
        ),
    ]

# Kinds of duties are words for people: nothing changes in the tables.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0011_moved_terms'),
    ]

    operations = [
        migrations.AlterField(
            model_name='duty',
            name='kind',
            field=models.CharField(choices=[('milestone', '任务节点'), ('standing_check', '长期任务填报'), ('assignment', '分办'), ('review_date', '复核日期'), ('receipt', '签收'), ('closing', '总结'), ('land.patrol', '巡查'), ('monitoring.sampling', '采样任务'), ('monitoring.campaign', '监测任务'), ('monitoring.share', '监测数据共享'), ('monitoring.alert', '预警处置'), ('enterprises.duty', '企业义务'), ('enterprises.filing', '企业申报审核'), ('enterprises.hazard', '隐患整改'), ('enterprises.case', '异常数据调查'), ('oversight.problem', '问题整改'), ('oversight.visit', '现场检查'), ('plots.notice', '地块书面通知'), ('plots.candidate', '疑似地块线索核实'), ('plots.review', '地块报告评审'), ('plots.control', '地块管控'), ('farmland.class', '耕地类别划分'), ('farmland.task', '受污染耕地任务'), ('farmland.test', '农产品临田检测'), ('farmland.grain', '超标粮食处置'), ('farmland.figure', '农业投入品数据说明'), ('decisions.opinion', '书面意见答复'), ('supervision.slip', '督办单答复'), ('supervision.sheet', '调度填报'), ('supervision.letter', '函件答复'), ('supervision.talk', '约谈整改'), ('reporting.report', '报表报送'), ('assessment.self', '考核自评')], max_length=20),
        ),
    ]

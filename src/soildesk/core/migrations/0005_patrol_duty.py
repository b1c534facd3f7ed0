# The kind of a duty is a word for people: nothing changes in the table.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0004_token'),
    ]

    operations = [
        migrations.AlterField(
            model_name='duty',
            name='kind',
            field=models.CharField(choices=[('milestone', '任务节点'), ('standing_check', '长期任务填报'), ('assignment', '分办'), ('review_date', '复核日期'), ('receipt', '签收'), ('closing', '总结'), ('land.patrol', '巡查')], max_length=20),
        ),
    ]

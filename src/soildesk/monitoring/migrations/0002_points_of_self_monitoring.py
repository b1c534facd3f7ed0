# What the frequency of self-monitoring depends on, and points made where a campaign sampled a grid: only added to.

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('monitoring', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='pointversion',
            name='control',
            field=models.CharField(blank=True, choices=[('yes', '是'), ('no', '否')], max_length=4, verbose_name='对照点'),
        ),
        migrations.AddField(
            model_name='pointversion',
            name='layer',
            field=models.CharField(blank=True, choices=[('surface', '表层'), ('deep', '深层')], max_length=8, verbose_name='土壤层位'),
        ),
        migrations.AddField(
            model_name='pointversion',
            name='near_sensitive',
            field=models.CharField(blank=True, choices=[('yes', '是'), ('no', '否')], max_length=4, verbose_name='临近地下水环境敏感区'),
        ),
        migrations.AddField(
            model_name='pointversion',
            name='source_code',
            field=models.CharField(blank=True, db_index=True, max_length=80, verbose_name='关联污染源代码'),
        ),
        migrations.AddField(
            model_name='pointversion',
            name='unit_class',
            field=models.CharField(blank=True, choices=[('first', '一类单元'), ('second', '二类单元'), ('none', '不在重点监测单元内')], max_length=8, verbose_name='监测单元类别'),
        ),
        migrations.AlterField(
            model_name='pointversion',
            name='kind',
            field=models.CharField(choices=[('baseline', '基础点位'), ('risk', '风险监控点位'), ('background', '背景点位'), ('routine', '例行监测点位'), ('self', '自行监测点位'), ('perimeter', '周边监测点位'), ('effect', '效果评估点位'), ('joint', '协同监测点位'), ('special', '专项监测点位')], max_length=12, verbose_name='点位类型'),
        ),
        migrations.AlterField(
            model_name='publicpoint',
            name='kind',
            field=models.CharField(choices=[('baseline', '基础点位'), ('risk', '风险监控点位'), ('background', '背景点位'), ('routine', '例行监测点位'), ('self', '自行监测点位'), ('perimeter', '周边监测点位'), ('effect', '效果评估点位'), ('joint', '协同监测点位'), ('special', '专项监测点位')], max_length=12, verbose_name='点位类型'),
        ),
    ]

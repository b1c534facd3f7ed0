
import django.db.models.deletion
import soildesk.core.models.scoped
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_enterprise_words'),
        ('enterprises', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='hazard',
            name='plan',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='hazards', to='enterprises.plantplan'),
        ),
        migrations.AddField(
            model_name='inspection',
            name='left_out',
            field=models.CharField(blank=True, max_length=500, verbose_name='未排查的原因'),
        ),
        migrations.AlterField(
            model_name='hazard',
            name='state',
            field=models.CharField(choices=[('found', '待整改'), ('rectified', '待验收'), ('verified', '已销号'), ('dropped', '误登撤销')], default='found', max_length=10, verbose_name='状态'),
        ),
        migrations.AlterField(
            model_name='hazardact',
            name='kind',
            field=models.CharField(choices=[('found', '发现'), ('rectified', '整改'), ('returned', '验收退回'), ('verified', '验收销号'), ('extended', '调整时限'), ('dropped', '误登撤销')], max_length=10, verbose_name='环节'),
        ),
        migrations.CreateModel(
            name='FacilityRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                ('division_path', models.CharField(db_index=True, max_length=80)),
                ('kind', models.CharField(choices=[('patrol', '巡查'), ('repair', '维修'), ('monitoring', '渗漏监测'), ('test', '密闭性检测'), ('emptied', '停用清罐')], max_length=10, verbose_name='记录类型')),
                ('on', models.DateField(verbose_name='日期')),
                ('abnormal', models.BooleanField(default=False, verbose_name='发现异常')),
                ('note', models.CharField(max_length=500, verbose_name='情况')),
                ('by_whom', models.CharField(blank=True, max_length=60, verbose_name='经手人')),
                ('recorded_at', models.DateTimeField()),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='facility_records', to='enterprises.enterprise')),
                ('facility', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='enterprises.facility')),
                ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-on', '-id'],
            },
        ),
    ]

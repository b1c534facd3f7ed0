# Whose warnings are, as a place says it; surfaces whose results changed afterwards: only added to.

import django.db.models.deletion
import soildesk.core.models.scoped
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0006_monitoring_words'),
        ('monitoring', '0002_points_of_self_monitoring'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='surface',
            name='outdated_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='surface',
            name='outdated_why',
            field=models.CharField(blank=True, choices=[('accepted', '制图后又接收了结果'), ('corrected', '制图后有结果被更正或弃用'), ('rejudged', '制图后结果重新评价，结论或限值有变化')], max_length=10, verbose_name='过时的原因'),
        ),
        migrations.CreateModel(
            name='OwnerRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                ('division_path', models.CharField(db_index=True, max_length=80)),
                ('media', models.JSONField(default=list, verbose_name='介质')),
                ('lands', models.JSONField(default=list, verbose_name='用地')),
                ('force', models.CharField(choices=[('must', '文件规定'), ('default', '商定的工作分工')], default='must', max_length=8, verbose_name='效力')),
                ('source', models.CharField(max_length=300, verbose_name='依据')),
                ('since', models.DateField(verbose_name='起')),
                ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('leads', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department', verbose_name='牵头单位')),
                ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                ('supports', models.ManyToManyField(related_name='+', to='core.department', verbose_name='配合单位')),
            ],
            options={
                'ordering': ['division_path', '-since', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gte', models.F('since')), _connector='OR'), name='owner_rule_days')],
            },
        ),
    ]

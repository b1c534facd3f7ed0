import django.db.models.deletion
import soildesk.core.models.scoped
import soildesk.core.together
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0011_moved_terms'),
        ('core', '__first__'),
        ('plans', '0004_plan_kind'),
        ('supervision', '0001_slips'),
    ]

    operations = [
        soildesk.core.together.Together(
            operations=[
                migrations.CreateModel(
                    name='DispatchRound',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                        ('period', models.CharField(max_length=10, verbose_name='调度期')),
                        ('first', models.DateField()),
                        ('last', models.DateField()),
                        ('plan_set', models.CharField(max_length=64)),
                        ('on', models.DateField(verbose_name='数据截至')),
                        ('due', models.DateField(verbose_name='填报时限')),
                        ('items', models.JSONField(default=list)),
                        ('note', models.CharField(blank=True, max_length=500, verbose_name='填报要求')),
                        ('state', models.CharField(choices=[('open', '填报中'), ('closed', '已结束')], default='open', max_length=8, verbose_name='状态')),
                        ('opened_on', models.DateField(verbose_name='发起日期')),
                        ('opened_at', models.DateTimeField()),
                        ('closed_on', models.DateField(blank=True, null=True, verbose_name='结束日期')),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('close_note', models.CharField(blank=True, max_length=500, verbose_name='结束说明')),
                        ('snapshot', models.JSONField(blank=True, null=True)),
                        ('digest', models.CharField(blank=True, max_length=64)),
                        ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division')),
                        ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('plans', models.ManyToManyField(related_name='+', to='plans.plan')),
                    ],
                    options={
                        'ordering': ['-first', '-id'],
                        'constraints': [models.UniqueConstraint(fields=('division', 'period', 'plan_set'), name='one_round_a_period'), models.CheckConstraint(condition=models.Q(('on__lte', models.F('opened_on'))), name='round_of_a_known_day'), models.CheckConstraint(condition=models.Q(('due__gte', models.F('opened_on'))), name='round_due_after_it_opens'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), ('closed_on__isnull', False), _connector='OR'), name='closed_round_has_its_day')],
                    },
                ),
                migrations.CreateModel(
                    name='DispatchSheet',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('due', models.DateField(verbose_name='填报时限')),
                        ('state', models.CharField(choices=[('open', '待填报'), ('signed', '已签报'), ('returned', '已退回'), ('missing', '未报')], default='open', max_length=8, verbose_name='状态')),
                        ('records', models.JSONField(default=dict)),
                        ('read_at', models.DateTimeField()),
                        ('words', models.JSONField(default=dict)),
                        ('saved_at', models.DateTimeField(blank=True, null=True)),
                        ('signed_on', models.DateField(blank=True, null=True, verbose_name='签报日期')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='sheets', to='supervision.dispatchround')),
                        ('saved_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department', verbose_name='责任单位')),
                    ],
                    options={
                        'ordering': ['round_id', 'id'],
                        'indexes': [models.Index(fields=['unit', 'state'], name='sheet_of_unit')],
                        'constraints': [models.UniqueConstraint(fields=('round', 'unit'), name='one_sheet_a_unit'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'signed'), _negated=True), ('signed_on__isnull', False), _connector='OR'), name='signed_sheet_has_its_day')],
                    },
                ),
                migrations.CreateModel(
                    name='Signing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('turn', models.PositiveSmallIntegerField()),
                        ('snapshot', models.JSONField()),
                        ('digest', models.CharField(max_length=64)),
                        ('signed_at', models.DateTimeField()),
                        ('on_behalf', models.BooleanField(default=False)),
                        ('returned_at', models.DateTimeField(blank=True, null=True)),
                        ('returned_why', models.CharField(blank=True, max_length=500, verbose_name='退回原因')),
                        ('returned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signings', to='supervision.dispatchsheet')),
                        ('signed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['sheet_id', 'turn'],
                        'constraints': [models.UniqueConstraint(fields=('sheet', 'turn'), name='signed_once_a_turn'), models.UniqueConstraint(condition=models.Q(('returned_at', None)), fields=('sheet',), name='one_standing_signing'), models.CheckConstraint(condition=models.Q(('returned_at', None), models.Q(('returned_why', ''), _negated=True), _connector='OR'), name='returned_with_a_reason')],
                    },
                ),
            ],
        ),
    ]

import django.db.models.deletion
import soildesk.core.geometry
import soildesk.core.geometry.index
import soildesk.core.models.scoped
from django.conf import settings
from django.db import migrations, models

from soildesk.core.together import Together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0008_plot_words'),
        ('kit', '0002_gis_imports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='GateBatch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                        ('title', models.CharField(max_length=160, verbose_name='名称')),
                        ('act', models.CharField(max_length=40, verbose_name='事项')),
                        ('on', models.DateField(verbose_name='核查日')),
                        ('counts', models.JSONField(default=dict)),
                        ('refused', models.JSONField(default=list)),
                        ('state', models.CharField(choices=[('running', '核查中'), ('done', '已完成'), ('failed', '未完成')], default='running', max_length=8, verbose_name='状态')),
                        ('asked_at', models.DateTimeField()),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                    ],
                    options={
                        'ordering': ['-asked_at', '-id'],
                    },
                ),
                migrations.CreateModel(
                    name='GateQuery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                        ('token', models.CharField(max_length=64, unique=True)),
                        ('act', models.CharField(max_length=40, verbose_name='事项')),
                        ('use', models.CharField(blank=True, max_length=80, verbose_name='用途代码')),
                        ('use_scheme', models.CharField(blank=True, max_length=20, verbose_name='用地分类标准')),
                        ('on', models.DateField(db_index=True, verbose_name='核查日')),
                        ('project', models.CharField(blank=True, max_length=160, verbose_name='项目（地块）名称')),
                        ('parcel_code', models.CharField(blank=True, max_length=80, verbose_name='宗地代码')),
                        ('document', models.CharField(blank=True, max_length=120, verbose_name='来文文号')),
                        ('on_behalf_of', models.CharField(blank=True, max_length=160, verbose_name='代何单位查询')),
                        ('area_m2', models.FloatField(verbose_name='计算面积')),
                        ('facts', models.JSONField()),
                        ('checks', models.JSONField()),
                        ('decision', models.CharField(choices=[('pass', '未发现限制'), ('conditions', '附条件'), ('blocked', '禁止'), ('cannot_say', '无法判断')], max_length=10, verbose_name='结论')),
                        ('rule_set', models.CharField(max_length=64)),
                        ('tolerance_m2', models.FloatField()),
                        ('follows_why', models.CharField(blank=True, max_length=300, verbose_name='重新核查的理由')),
                        ('row', models.PositiveIntegerField(blank=True, null=True)),
                        ('request', models.CharField(blank=True, max_length=64)),
                        ('geometry', soildesk.core.geometry.GeometryField(kind='MultiPolygon', verbose_name='范围')),
                        ('asked_at', models.DateTimeField()),
                        ('asked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='queries', to='decisions.gatebatch')),
                        ('follows', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='decisions.gatequery')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                    ],
                    options={
                        'ordering': ['-asked_at', '-id'],
                        'indexes': [soildesk.core.geometry.index.SpatialIndex(fields=['geometry'], name='gatequery_geometry')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('follows', None), models.Q(('follows_why', ''), _negated=True), _connector='OR'), name='gate_follows_with_a_reason'), models.UniqueConstraint(condition=models.Q(('request', ''), _negated=True), fields=('asked_by', 'request'), name='gate_request_once')],
                    },
                ),
                migrations.CreateModel(
                    name='GateGround',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('check_id', models.CharField(max_length=60)),
                        ('person', models.CharField(max_length=60, verbose_name='决定人')),
                        ('ground', models.CharField(max_length=1000, verbose_name='理由')),
                        ('document', models.CharField(max_length=120, verbose_name='文号')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('at', models.DateTimeField()),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('query', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='grounds', to='decisions.gatequery')),
                    ],
                    options={
                        'ordering': ['at', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='GroundAct',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('act', models.CharField(max_length=40, verbose_name='事项')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('not_seen_on', models.DateField(blank=True, null=True, verbose_name='此前最近一次未见')),
                        ('use_system', models.CharField(blank=True, max_length=20, verbose_name='用地分类标准')),
                        ('use', models.CharField(blank=True, max_length=40, verbose_name='用途代码')),
                        ('project', models.CharField(blank=True, max_length=160, verbose_name='项目名称')),
                        ('unit', models.CharField(blank=True, max_length=160, verbose_name='用地单位')),
                        ('office', models.CharField(blank=True, max_length=120, verbose_name='办理机关')),
                        ('document', models.CharField(blank=True, max_length=120, verbose_name='文号')),
                        ('related', models.BooleanField(null=True, verbose_name='属于风险管控或修复工程')),
                        ('area_m2', models.FloatField(editable=False, verbose_name='计算面积')),
                        ('geometry', soildesk.core.geometry.GeometryField(kind='MultiPolygon', verbose_name='范围')),
                        ('recorded_at', models.DateTimeField()),
                        ('superseded_at', models.DateTimeField(blank=True, null=True)),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='原因')),
                        ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kit.importbatch')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('query', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='decisions.gatequery')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-on', '-id'],
                        'indexes': [soildesk.core.geometry.index.SpatialIndex(fields=['geometry'], name='groundact_geometry')],
                    },
                ),
                migrations.CreateModel(
                    name='LocalProfile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('since', models.DateField(verbose_name='起')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                        ('recorded_at', models.DateTimeField(verbose_name='登记时间')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='被更正时间')),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='原因')),
                        ('profile', models.CharField(max_length=40, verbose_name='属地规则')),
                        ('document', models.CharField(max_length=120, verbose_name='依据文号')),
                        ('checked_on', models.DateField(verbose_name='采用时核对日期')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                    ],
                    options={
                        'abstract': False,
                        'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='decisions_localprofile_ends_later'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True), ('until__isnull', True)), fields=('division_path',), name='local_profile_one_open')],
                    },
                ),
                migrations.CreateModel(
                    name='LocalRules',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('title', models.CharField(max_length=200, verbose_name='文件名称')),
                        ('number', models.CharField(max_length=120, verbose_name='文号')),
                        ('data', models.JSONField()),
                        ('import_uid', models.UUIDField(null=True)),
                        ('recorded_at', models.DateTimeField()),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-recorded_at', '-id'],
                    },
                ),
                migrations.CreateModel(
                    name='OpinionRequest',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('incoming', models.CharField(blank=True, max_length=120, verbose_name='来函文号')),
                        ('asked_on', models.DateField(verbose_name='来函日期')),
                        ('due', models.DateField(blank=True, null=True, verbose_name='答复时限')),
                        ('due_note', models.CharField(blank=True, max_length=200, verbose_name='时限说明')),
                        ('state', models.CharField(choices=[('asked', '待答复'), ('answered', '已答复'), ('returned', '退回补正')], default='asked', max_length=10, verbose_name='状态')),
                        ('answer', models.CharField(blank=True, max_length=2000, verbose_name='答复意见')),
                        ('outgoing', models.CharField(blank=True, max_length=120, verbose_name='复函文号')),
                        ('answered_on', models.DateField(blank=True, null=True, verbose_name='复函日期')),
                        ('returned_why', models.CharField(blank=True, max_length=500, verbose_name='退回原因')),
                        ('recorded_at', models.DateTimeField()),
                        ('asked_from', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('asked_of', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('query', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='decisions.gatequery')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-asked_on', '-id'],
                    },
                ),
                migrations.CreateModel(
                    name='ProvinceQuery',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('asked_on', models.DateField(verbose_name='查询日期')),
                        ('person', models.CharField(max_length=60, verbose_name='查询人')),
                        ('found', models.BooleanField(verbose_name='系统中有该地块')),
                        ('stage', models.CharField(blank=True, max_length=8, verbose_name='系统显示的阶段')),
                        ('lists', models.JSONField(blank=True, default=list, verbose_name='系统显示的名单、名录')),
                        ('restricted', models.BooleanField(null=True, verbose_name='系统显示有限制')),
                        ('result', models.CharField(max_length=500, verbose_name='查询结果')),
                        ('recorded_at', models.DateTimeField()),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('query', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='province', to='decisions.gatequery')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-asked_on', '-id'],
                    },
                ),
            ],
        ),
    ]

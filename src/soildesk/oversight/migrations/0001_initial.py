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
        ('core', '0007_enterprise_words'),
        ('enterprises', '0001_initial'),
        ('kit', '0002_gis_imports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='InspectionPlan',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                        ('title', models.CharField(max_length=160, verbose_name='名称')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                        ('starts_on', models.DateField(verbose_name='开始日期')),
                        ('ends_on', models.DateField(verbose_name='结束日期')),
                        ('wanted', models.PositiveIntegerField(verbose_name='抽取数量')),
                        ('list_key', models.CharField(blank=True, max_length=40, verbose_name='名录')),
                        ('seed', models.CharField(max_length=64, verbose_name='随机种子')),
                        ('seed_source', models.CharField(max_length=200, verbose_name='种子来源')),
                        ('weights', models.JSONField(default=dict)),
                        ('state', models.CharField(choices=[('drawn', '已抽取'), ('in_force', '执行中'), ('closed', '已完成')], default='drawn', max_length=10, verbose_name='状态')),
                        ('drawn_at', models.DateTimeField()),
                        ('drawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                    ],
                    options={
                        'ordering': ['-year', '-id'],
                    },
                ),
                migrations.CreateModel(
                    name='Problem',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                        ('source', models.CharField(choices=[('visit', '现场检查'), ('record', '台账比对'), ('inspectorate', '生态环境保护督察'), ('audit', '审计'), ('letter', '信访投诉'), ('superior', '上级交办'), ('self', '自查')], max_length=12, verbose_name='来源')),
                        ('document', models.CharField(blank=True, max_length=120, verbose_name='来源文号')),
                        ('origin', models.CharField(blank=True, max_length=160)),
                        ('found_on', models.DateField(verbose_name='发现日期')),
                        ('fact', models.CharField(max_length=1000, verbose_name='问题事实')),
                        ('violation', models.CharField(blank=True, max_length=60)),
                        ('clause', models.CharField(blank=True, max_length=300, verbose_name='对应条款')),
                        ('acted_on', models.DateField(blank=True, null=True, verbose_name='行为发生日期')),
                        ('object_name', models.CharField(blank=True, max_length=160, verbose_name='涉及对象')),
                        ('requirement', models.CharField(blank=True, max_length=500, verbose_name='整改要求')),
                        ('due', models.DateField(blank=True, null=True, verbose_name='整改时限')),
                        ('due_body', models.CharField(blank=True, max_length=120, verbose_name='时限由谁规定')),
                        ('state', models.CharField(choices=[('open', '整改中'), ('answered', '待验收'), ('settled', '已销号'), ('dismissed', '不属实')], default='open', max_length=10, verbose_name='状态')),
                        ('measure', models.CharField(blank=True, max_length=1000, verbose_name='整改情况')),
                        ('answered_on', models.DateField(blank=True, null=True, verbose_name='整改完成日期')),
                        ('settled_on', models.DateField(blank=True, null=True, verbose_name='销号日期')),
                        ('geometry', soildesk.core.geometry.GeometryField(blank=True, kind='Point', null=True, verbose_name='位置')),
                        ('recorded_at', models.DateTimeField()),
                        ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kit.importbatch')),
                        ('due_set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('enterprise', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='problems', to='enterprises.enterprise')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department', verbose_name='督促整改单位')),
                    ],
                    options={
                        'ordering': ['-found_on', '-id'],
                        'indexes': [soildesk.core.geometry.index.SpatialIndex(fields=['geometry'], name='problem_geometry'), models.Index(fields=['state', 'due'], name='problem_open')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('origin', ''), _negated=True), fields=('origin',), name='problem_of_one_record'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'settled'), _negated=True), ('settled_on__isnull', False), _connector='OR'), name='problem_settled_has_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'settled'), _negated=True), ('settled_by__isnull', True), ('answered_by__isnull', True), models.Q(('settled_by', models.F('answered_by')), _negated=True), _connector='OR'), name='problem_settled_by_another')],
                    },
                ),
                migrations.CreateModel(
                    name='Penalty',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('number', models.CharField(max_length=80, verbose_name='决定书文号')),
                        ('decided_on', models.DateField(verbose_name='决定日期')),
                        ('authority', models.CharField(max_length=120, verbose_name='决定机关')),
                        ('content', models.CharField(max_length=500, verbose_name='处罚内容')),
                        ('recorded_at', models.DateTimeField()),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('problem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='penalties', to='oversight.problem')),
                    ],
                    options={
                        'ordering': ['decided_on', 'id'],
                        'constraints': [models.UniqueConstraint(fields=('problem', 'number'), name='penalty_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ProblemAct',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('found', '登记'), ('assigned', '交办'), ('measure', '整改进展'), ('answered', '报请验收'), ('returned', '验收退回'), ('settled', '验收销号'), ('extended', '调整时限'), ('dismissed', '核实不属实'), ('reopened', '重新打开')], max_length=10, verbose_name='环节')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('note', models.CharField(blank=True, max_length=1100, verbose_name='内容')),
                        ('due', models.DateField(blank=True, null=True)),
                        ('at', models.DateTimeField()),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('problem', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acts', to='oversight.problem')),
                    ],
                    options={
                        'ordering': ['at', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='Visit',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('number', models.CharField(max_length=40, verbose_name='编号')),
                        ('on', models.DateField(verbose_name='检查日期')),
                        ('inspectors', models.CharField(max_length=200, verbose_name='检查人员')),
                        ('found', models.CharField(choices=[('nothing', '未发现问题'), ('problems', '发现问题'), ('not_met', '未能检查')], max_length=10, verbose_name='结果')),
                        ('note', models.CharField(blank=True, max_length=2000, verbose_name='检查情况')),
                        ('point', soildesk.core.geometry.GeometryField(blank=True, kind='Point', null=True, verbose_name='位置')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True)),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='原因')),
                        ('recorded_at', models.DateTimeField()),
                        ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='enterprises.enterprise')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('plan', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='oversight.inspectionplan')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-on', '-id'],
                        'indexes': [soildesk.core.geometry.index.SpatialIndex(fields=['point'], name='visit_point'), models.Index(condition=models.Q(('superseded_at', None)), fields=['enterprise', '-on'], name='visit_of_firm')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('number',), name='visit_stands_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Drawing',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('weight', models.DecimalField(decimal_places=3, max_digits=8, verbose_name='权重')),
                        ('reasons', models.JSONField(default=list)),
                        ('unknown', models.JSONField(default=list)),
                        ('order', models.PositiveIntegerField(verbose_name='次序')),
                        ('drawn', models.BooleanField(default=False, verbose_name='抽中')),
                        ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.enterprise')),
                        ('plan', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drawings', to='oversight.inspectionplan')),
                    ],
                    options={
                        'ordering': ['order'],
                        'constraints': [models.UniqueConstraint(fields=('plan', 'enterprise'), name='drawing_once')],
                    },
                ),
            ],
        ),
    ]

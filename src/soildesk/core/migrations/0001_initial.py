import django.db.models.deletion
import soildesk.core.models.scoped
from django.conf import settings
from django.db import migrations, models

from soildesk.core.together import Together


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Attachment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('sha256', models.CharField(max_length=64, unique=True)),
                        ('size', models.PositiveBigIntegerField()),
                        ('media_type', models.CharField(max_length=120)),
                        ('stored_at', models.DateTimeField()),
                    ],
                ),
                migrations.CreateModel(
                    name='AuditEntry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField()),
                        ('actor_uid', models.UUIDField(null=True)),
                        ('actor_name', models.CharField(max_length=40)),
                        ('act', models.CharField(db_index=True, max_length=80)),
                        ('subject_type', models.CharField(max_length=60)),
                        ('subject_uid', models.CharField(db_index=True, max_length=64)),
                        ('division_path', models.CharField(blank=True, max_length=80)),
                        ('data', models.JSONField(default=dict)),
                        ('previous', models.CharField(max_length=64)),
                        ('digest', models.CharField(max_length=64, unique=True)),
                    ],
                ),
                migrations.CreateModel(
                    name='CalendarDay',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(unique=True)),
                        ('is_working', models.BooleanField()),
                        ('name', models.CharField(blank=True, max_length=40)),
                        ('source', models.CharField(max_length=120)),
                    ],
                ),
                migrations.CreateModel(
                    name='Department',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('name', models.CharField(max_length=80, verbose_name='全称')),
                        ('short_name', models.CharField(blank=True, max_length=40, verbose_name='简称')),
                        ('kind', models.CharField(choices=[('department', '部门'), ('town', '镇街'), ('government', '政府'), ('other', '其他单位')], default='department', max_length=12, verbose_name='类别')),
                        ('function', models.CharField(blank=True, max_length=40, verbose_name='条线')),
                        ('since', models.DateField(blank=True, null=True, verbose_name='起')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='core.division')),
                    ],
                    options={
                        'ordering': ['division__path', 'id'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('division', 'name'), name='department_name_once_per_division')],
                    },
                ),
                migrations.CreateModel(
                    name='Person',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('username', models.CharField(max_length=60, unique=True, verbose_name='用户名')),
                        ('name', models.CharField(max_length=40, verbose_name='姓名')),
                        ('phone', models.CharField(blank=True, max_length=30, verbose_name='电话')),
                        ('is_active', models.BooleanField(default=True, verbose_name='启用')),
                        ('must_change_password', models.BooleanField(default=False)),
                        ('otp_secret', models.CharField(blank=True, max_length=64)),
                        ('otp_last_step', models.BigIntegerField(default=0)),
                        ('otp_confirmed_at', models.DateTimeField(blank=True, null=True)),
                        ('language', models.CharField(default='zh-hans', max_length=10, verbose_name='语言')),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='people', to='core.department')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='Division',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('code', models.CharField(max_length=12, verbose_name='代码')),
                        ('name', models.CharField(max_length=80, verbose_name='名称')),
                        ('level', models.CharField(choices=[('country', '全国'), ('province', '省级'), ('city', '市级'), ('county', '县级'), ('town', '乡级'), ('village', '村级')], max_length=10, verbose_name='级别')),
                        ('path', models.CharField(db_index=True, max_length=80)),
                        ('since', models.DateField(blank=True, null=True, verbose_name='起')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                        ('source', models.CharField(blank=True, max_length=200, verbose_name='来源')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='core.division')),
                    ],
                    options={
                        'ordering': ['path'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('until__isnull', True)), fields=('code',), name='division_code_once_open'), models.CheckConstraint(condition=models.Q(('until__isnull', True), ('since__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='division_ends_after_it_starts')],
                    },
                ),
                migrations.CreateModel(
                    name='DepartmentSuccession',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('old_name', models.CharField(db_index=True, max_length=80, verbose_name='原名称')),
                        ('new_name', models.CharField(blank=True, max_length=80, verbose_name='现名称')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('kind', models.CharField(choices=[('renamed', '改名'), ('merged', '合并'), ('transferred', '职能划转')], max_length=12, verbose_name='方式')),
                        ('ground', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                        ('new', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='core.department')),
                        ('division', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division')),
                    ],
                ),
                migrations.CreateModel(
                    name='DivisionAttribute',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=40, verbose_name='属性')),
                        ('since', models.DateField(blank=True, null=True, verbose_name='起')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                        ('ground', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attributes', to='core.division')),
                    ],
                ),
                migrations.CreateModel(
                    name='DivisionSuccession',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('ground', models.CharField(blank=True, max_length=200, verbose_name='依据')),
                        ('new', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='predecessors', to='core.division')),
                        ('old', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='core.division')),
                    ],
                ),
                migrations.CreateModel(
                    name='Duty',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('subject_type', models.CharField(max_length=60)),
                        ('subject_id', models.BigIntegerField()),
                        ('kind', models.CharField(choices=[('milestone', '任务节点'), ('standing_check', '长期任务填报'), ('assignment', '分办'), ('review_date', '复核日期'), ('receipt', '签收'), ('closing', '总结')], max_length=20)),
                        ('title', models.CharField(max_length=300, verbose_name='事项')),
                        ('basis', models.CharField(blank=True, max_length=300, verbose_name='依据')),
                        ('period', models.CharField(blank=True, max_length=20, verbose_name='期次')),
                        ('period_start', models.DateField(blank=True, null=True)),
                        ('due', models.DateField(blank=True, null=True, verbose_name='时限')),
                        ('since', models.DateField(blank=True, null=True)),
                        ('working_days', models.PositiveSmallIntegerField(blank=True, null=True)),
                        ('issued_on', models.DateField(blank=True, null=True)),
                        ('done_on', models.DateField(blank=True, null=True, verbose_name='完成日期')),
                        ('standing', models.BooleanField(default=False)),
                        ('internal', models.BooleanField(default=False, verbose_name='内部时限')),
                        ('provisional', models.BooleanField(default=False, verbose_name='暂定')),
                        ('live_from', models.DateField(blank=True, null=True)),
                        ('live_until', models.DateField(blank=True, null=True)),
                        ('evidence', models.JSONField(default=list)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='duties', to='core.department')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='core_duty_subject_c8b062_idx'), models.Index(fields=['unit', 'due'], name='core_duty_unit_id_ed8c8e_idx'), models.Index(condition=models.Q(('done_on__isnull', True)), fields=['due'], name='duty_open_due')],
                    },
                ),
                migrations.CreateModel(
                    name='FileUse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('subject_type', models.CharField(max_length=60)),
                        ('subject_id', models.BigIntegerField()),
                        ('name', models.CharField(max_length=200)),
                        ('note', models.CharField(blank=True, max_length=400)),
                        ('kind', models.CharField(blank=True, max_length=40)),
                        ('added_at', models.DateTimeField()),
                        ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                        ('withdrawn_why', models.CharField(blank=True, max_length=200)),
                        ('added_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('attachment', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uses', to='core.attachment')),
                    ],
                    options={
                        'indexes': [models.Index(fields=['subject_type', 'subject_id'], name='core_fileus_subject_624b5d_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='Job',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('kind', models.CharField(max_length=60)),
                        ('title', models.CharField(max_length=200)),
                        ('arguments', models.JSONField(default=dict)),
                        ('state', models.CharField(choices=[('waiting', '排队'), ('running', '进行中'), ('done', '完成'), ('failed', '失败'), ('cancelled', '已取消')], default='waiting', max_length=12)),
                        ('done', models.PositiveBigIntegerField(default=0)),
                        ('total', models.PositiveBigIntegerField(blank=True, null=True)),
                        ('doing', models.CharField(blank=True, max_length=200)),
                        ('cancel_asked_at', models.DateTimeField(blank=True, null=True)),
                        ('log', models.TextField(blank=True)),
                        ('result', models.JSONField(blank=True, null=True)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('started_at', models.DateTimeField(blank=True, null=True)),
                        ('worker', models.CharField(blank=True, max_length=120)),
                        ('heartbeat_at', models.DateTimeField(blank=True, null=True)),
                        ('ended_at', models.DateTimeField(blank=True, null=True)),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='jobs', to=settings.AUTH_USER_MODEL)),
                        ('result_file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='core.fileuse')),
                    ],
                ),
                migrations.CreateModel(
                    name='Message',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('text', models.CharField(max_length=300)),
                        ('link', models.CharField(blank=True, max_length=300)),
                        ('created_at', models.DateTimeField(auto_now_add=True)),
                        ('read_at', models.DateTimeField(blank=True, null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='NumberSequence',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=40)),
                        ('year', models.PositiveSmallIntegerField()),
                        ('last', models.PositiveIntegerField(default=0)),
                        ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('authority', 'kind', 'year'), name='one_sequence')],
                    },
                ),
                migrations.CreateModel(
                    name='OldPassword',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('encoded', models.CharField(max_length=200)),
                        ('set_at', models.DateTimeField()),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='old_passwords', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='RecoveryCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('encoded', models.CharField(max_length=200)),
                        ('made_at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(blank=True, null=True)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recovery_codes', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='RoleGrant',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('role', models.CharField(choices=[('admin', '系统管理员'), ('officer', '经办人'), ('issuer', '方案签发人'), ('department', '责任单位人员'), ('town', '镇街人员'), ('reader', '查阅'), ('auditor', '审计')], max_length=12, verbose_name='角色')),
                        ('since', models.DateField(blank=True, null=True, verbose_name='起')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                        ('granted_at', models.DateTimeField(auto_now_add=True)),
                        ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division')),
                        ('granted_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('since__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='grant_ends_after_it_starts')],
                    },
                ),
                migrations.CreateModel(
                    name='DepartmentAlias',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(db_index=True, max_length=80, verbose_name='别名')),
                        ('confirmed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('department', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='core.department')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('department', 'name'), name='alias_once_per_department')],
                    },
                ),
            ],
        ),
    ]

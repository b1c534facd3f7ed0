import django.db.models.deletion
import soildesk.core.models.scoped
import soildesk.core.together
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0011_moved_terms'),
        ('core', '__first__'),
        ('kit', '0003_letters'),
    ]

    operations = [
        soildesk.core.together.Together(
            operations=[
                migrations.CreateModel(
                    name='BlankForm',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('name', models.CharField(max_length=120, verbose_name='名称')),
                        ('receiver', models.CharField(blank=True, max_length=120, verbose_name='下发单位')),
                        ('version', models.PositiveIntegerField(verbose_name='版本')),
                        ('layout', models.JSONField(default=list)),
                        ('mapping', models.JSONField(default=dict)),
                        ('lists', models.JSONField(default=list)),
                        ('made_at', models.DateTimeField()),
                        ('mapped_at', models.DateTimeField(blank=True, null=True)),
                        ('retired_at', models.DateTimeField(blank=True, null=True)),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                    ],
                    options={
                        'ordering': ['name', '-version'],
                        'constraints': [models.UniqueConstraint(fields=('owner_department', 'name', 'version'), name='blank_version_once'), models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('owner_department', 'name'), name='blank_one_in_force')],
                    },
                ),
                migrations.CreateModel(
                    name='ReportDue',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('kind', models.CharField(blank=True, max_length=60)),
                        ('origin', models.CharField(blank=True, max_length=160)),
                        ('title', models.CharField(max_length=160, verbose_name='报表')),
                        ('form', models.CharField(blank=True, max_length=40, verbose_name='填报表式')),
                        ('sender', models.CharField(max_length=120, verbose_name='报送单位')),
                        ('receiver', models.CharField(max_length=160, verbose_name='报送对象')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                        ('period', models.CharField(max_length=20, verbose_name='期次')),
                        ('period_first', models.DateField()),
                        ('period_last', models.DateField()),
                        ('due', models.DateField(blank=True, null=True, verbose_name='时限')),
                        ('provisional', models.BooleanField(default=False, verbose_name='暂定')),
                        ('basis', models.CharField(max_length=400, verbose_name='依据')),
                        ('mark', models.CharField(max_length=8, verbose_name='把握')),
                        ('dropped_why', models.CharField(blank=True, max_length=300, verbose_name='不报原因')),
                        ('dropped_on', models.DateField(blank=True, null=True)),
                        ('entered_at', models.DateTimeField()),
                        ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department', verbose_name='承办单位')),
                    ],
                    options={
                        'ordering': ['due', 'id'],
                        'indexes': [models.Index(fields=['year', 'due'], name='report_due_year')],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('origin', ''), _negated=True), fields=('division_path', 'origin', 'period'), name='report_due_once'), models.CheckConstraint(condition=models.Q(('dropped_on__isnull', True), models.Q(('dropped_why', ''), _negated=True), _connector='OR'), name='report_dropped_says_why')],
                    },
                ),
                migrations.CreateModel(
                    name='ReportCopy',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                        ('kind', models.CharField(blank=True, max_length=40)),
                        ('title', models.CharField(max_length=200, verbose_name='标题')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                        ('period', models.CharField(max_length=20, verbose_name='期次')),
                        ('on', models.DateField(verbose_name='数据截至')),
                        ('known_on', models.DateField(verbose_name='按何日已知的记录')),
                        ('snapshot', models.JSONField(default=dict)),
                        ('digest', models.CharField(max_length=64)),
                        ('gaps', models.PositiveIntegerField(default=0, verbose_name='未填项')),
                        ('state', models.CharField(choices=[('draft', '草稿'), ('signed', '已签发'), ('sent', '已报送'), ('received', '已有回执')], default='draft', max_length=10, verbose_name='状态')),
                        ('made_at', models.DateTimeField(verbose_name='生成时间')),
                        ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='签发时间')),
                        ('document', models.CharField(blank=True, max_length=80, verbose_name='文号')),
                        ('sent_on', models.DateField(blank=True, null=True, verbose_name='报送日期')),
                        ('sent_to', models.CharField(blank=True, max_length=160, verbose_name='报送对象')),
                        ('receipt', models.CharField(blank=True, max_length=80, verbose_name='回执编号')),
                        ('receipt_on', models.DateField(blank=True, null=True, verbose_name='回执日期')),
                        ('blank_form', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='reporting.blankform')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division')),
                        ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('template', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kit.lettertemplate')),
                        ('due', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='reporting.reportdue')),
                    ],
                    options={
                        'ordering': ['-made_at', '-id'],
                        'indexes': [models.Index(fields=['year', 'kind'], name='report_copy_year')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('state', 'draft'), ('signed_at__isnull', False), _connector='OR'), name='report_signed_has_a_moment'), models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'signed')), ('sent_on__isnull', False), _connector='OR'), name='report_sent_has_a_day'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'received'), _negated=True), models.Q(('receipt', ''), _negated=True), _connector='OR'), name='report_received_has_a_number'), models.CheckConstraint(condition=models.Q(models.Q(('kind', ''), _negated=True), ('blank_form__isnull', False), _connector='OR'), name='report_of_a_form')],
                    },
                ),
            ],
        ),
    ]

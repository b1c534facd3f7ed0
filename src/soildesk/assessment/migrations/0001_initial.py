import django.db.models.deletion
import soildesk.core.models.scoped
import soildesk.core.together
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0012_letter_duty'),
        ('core', '__first__'),
    ]

    operations = [
        soildesk.core.together.Together(
            operations=[
                migrations.CreateModel(
                    name='Assessment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                        ('scheme', models.CharField(max_length=60)),
                        ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                        ('state', models.CharField(choices=[('opened', '自评中'), ('self_assessed', '已报自评，待核查'), ('checked', '已告知初核结果'), ('objected', '有异议'), ('final', '已核定')], default='opened', max_length=14, verbose_name='状态')),
                        ('due', models.DateField(verbose_name='自评时限')),
                        ('on', models.DateField(verbose_name='数据截至')),
                        ('known_on', models.DateField(verbose_name='按何日已知的记录')),
                        ('facts', models.JSONField(default=dict)),
                        ('read_at', models.DateTimeField()),
                        ('worst', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='最低得分')),
                        ('best', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='最高得分')),
                        ('grade', models.CharField(blank=True, max_length=20, verbose_name='等次')),
                        ('opened_at', models.DateTimeField(verbose_name='发起时间')),
                        ('self_note', models.CharField(blank=True, max_length=500, verbose_name='自评说明')),
                        ('self_worst', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                        ('self_best', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True)),
                        ('self_digest', models.CharField(blank=True, max_length=64)),
                        ('signed_at', models.DateTimeField(blank=True, null=True, verbose_name='签报时间')),
                        ('returned_why', models.CharField(blank=True, max_length=300, verbose_name='退回原因')),
                        ('announced_at', models.DateTimeField(blank=True, null=True, verbose_name='告知时间')),
                        ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='核定时间')),
                        ('document', models.CharField(blank=True, max_length=80, verbose_name='文号')),
                        ('snapshot', models.JSONField(default=dict)),
                        ('digest', models.CharField(blank=True, max_length=64)),
                        ('announced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('finished_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='被考核地区')),
                        ('signed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department', verbose_name='自评单位')),
                        ('adoption', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='assessment.schemeadoption')),
                    ],
                    options={
                        'ordering': ['-year', '-opened_at', '-id'],
                        'indexes': [models.Index(fields=['year', 'scheme'], name='assessment_year')],
                        'constraints': [models.UniqueConstraint(fields=('place', 'scheme', 'year'), name='assessment_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'final'), _negated=True), models.Q(('finished_at__isnull', False), models.Q(('digest', ''), _negated=True), models.Q(('document', ''), _negated=True)), _connector='OR'), name='assessment_final_is_frozen'), models.CheckConstraint(condition=models.Q(('state', 'opened'), ('signed_at__isnull', False), _connector='OR'), name='assessment_signed_has_a_moment')],
                    },
                ),
                migrations.CreateModel(
                    name='Draw',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('seed', models.CharField(max_length=80, verbose_name='随机种子')),
                        ('share', models.DecimalField(decimal_places=4, max_digits=5, verbose_name='抽取比例')),
                        ('method', models.CharField(max_length=40)),
                        ('population', models.JSONField(default=dict)),
                        ('digest', models.CharField(max_length=64)),
                        ('drawn_at', models.DateTimeField()),
                        ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='draws', to='assessment.assessment')),
                        ('drawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['-id'],
                    },
                ),
                migrations.CreateModel(
                    name='SchemeAdoption',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('scheme', models.CharField(max_length=60)),
                        ('title', models.CharField(max_length=120, verbose_name='考核方案')),
                        ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                        ('version', models.PositiveIntegerField(verbose_name='版本')),
                        ('document', models.CharField(max_length=80, verbose_name='文号')),
                        ('ground', models.CharField(blank=True, max_length=300, verbose_name='依据和说明')),
                        ('changes', models.JSONField(default=dict)),
                        ('adopted_at', models.DateTimeField(verbose_name='采用时间')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True)),
                        ('adopted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='考核地区')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                    ],
                    options={
                        'ordering': ['-year', 'scheme', '-version'],
                        'constraints': [models.UniqueConstraint(fields=('division', 'scheme', 'year', 'version'), name='adoption_version_once'), models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('division', 'scheme', 'year'), name='adoption_one_in_force')],
                    },
                ),
                migrations.CreateModel(
                    name='DrawnRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('item', models.CharField(max_length=60)),
                        ('key', models.CharField(max_length=160)),
                        ('name', models.CharField(max_length=300)),
                        ('outcome', models.CharField(blank=True, choices=[('true', '属实'), ('false', '不属实')], max_length=5, verbose_name='核查结果')),
                        ('note', models.CharField(blank=True, max_length=300, verbose_name='核查情况')),
                        ('checked_at', models.DateTimeField(blank=True, null=True)),
                        ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('draw', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='assessment.draw')),
                    ],
                    options={
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('draw', 'item', 'key'), name='drawn_row_once'), models.CheckConstraint(condition=models.Q(('outcome', ''), models.Q(('note', ''), _negated=True), _connector='OR'), name='drawn_row_checked_in_words')],
                    },
                ),
                migrations.CreateModel(
                    name='ItemResult',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('item', models.CharField(max_length=60)),
                        ('self_value', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True, verbose_name='自评值')),
                        ('self_na', models.BooleanField(default=False, verbose_name='不适用')),
                        ('self_remark', models.CharField(blank=True, max_length=500, verbose_name='自评说明')),
                        ('self_at', models.DateTimeField(blank=True, null=True)),
                        ('checked_value', models.DecimalField(blank=True, decimal_places=4, max_digits=12, null=True, verbose_name='核定值')),
                        ('checked_na', models.BooleanField(default=False)),
                        ('checked_why', models.CharField(blank=True, max_length=300, verbose_name='核定依据')),
                        ('checked_at', models.DateTimeField(blank=True, null=True)),
                        ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='results', to='assessment.assessment')),
                        ('checked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('self_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('assessment', 'item'), name='item_result_once'), models.CheckConstraint(condition=models.Q(('checked_at__isnull', True), models.Q(('checked_why', ''), _negated=True), _connector='OR'), name='item_checked_says_why')],
                    },
                ),
                migrations.CreateModel(
                    name='Objection',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('item', models.CharField(blank=True, max_length=60)),
                        ('text', models.CharField(max_length=1000, verbose_name='异议')),
                        ('raised_at', models.DateTimeField()),
                        ('upheld', models.BooleanField(blank=True, null=True, verbose_name='是否采纳')),
                        ('answer', models.CharField(blank=True, max_length=1000, verbose_name='答复')),
                        ('answered_at', models.DateTimeField(blank=True, null=True)),
                        ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='objections', to='assessment.assessment')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('raised_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'ordering': ['id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('upheld__isnull', True), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='assessment_objection_answered')],
                    },
                ),
                migrations.CreateModel(
                    name='Proposal',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('rule', models.CharField(max_length=60)),
                        ('kind', models.CharField(max_length=20)),
                        ('words', models.CharField(max_length=300, verbose_name='建议')),
                        ('bodies', models.JSONField(default=list)),
                        ('basis', models.CharField(max_length=300, verbose_name='依据')),
                        ('mark', models.CharField(max_length=8, verbose_name='把握')),
                        ('state', models.CharField(choices=[('proposed', '待决定'), ('accepted', '采纳'), ('refused', '不采纳')], default='proposed', max_length=10, verbose_name='状态')),
                        ('why', models.CharField(blank=True, max_length=300, verbose_name='理由')),
                        ('document', models.CharField(blank=True, max_length=80, verbose_name='文号')),
                        ('decided_at', models.DateTimeField(blank=True, null=True)),
                        ('assessment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='assessment.assessment')),
                        ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                    ],
                    options={
                        'ordering': ['id'],
                        'constraints': [models.UniqueConstraint(fields=('assessment', 'rule'), name='assessment_proposal_once'), models.CheckConstraint(condition=models.Q(('state', 'proposed'), models.Q(('why', ''), _negated=True), _connector='OR'), name='assessment_proposal_decided_says_why')],
                    },
                ),
            ],
        ),
    ]

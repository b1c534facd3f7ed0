import django.db.models.deletion
import soildesk.core.models.scoped
from django.conf import settings
from django.db import migrations, models

from soildesk.core.together import Together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('core', '0002_person_otp_wrong_person_otp_wrong_at'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='RiskSite',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('name', models.CharField(max_length=120, verbose_name='地块名称')),
                        ('address', models.CharField(blank=True, max_length=200, verbose_name='位置')),
                        ('planned_use', models.CharField(blank=True, max_length=120, verbose_name='规划用途')),
                        ('former_use', models.CharField(blank=True, max_length=120, verbose_name='曾经用途')),
                        ('created_at', models.DateTimeField()),
                        ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('division', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.division', verbose_name='行政区划')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                    ],
                    options={
                        'ordering': ['division_path', 'name', 'id'],
                    },
                ),
                migrations.CreateModel(
                    name='RiskRun',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('number', models.PositiveIntegerField(verbose_name='序次')),
                        ('remark', models.CharField(blank=True, max_length=200, verbose_name='说明')),
                        ('input', models.JSONField()),
                        ('input_sha256', models.CharField(max_length=64)),
                        ('result', models.JSONField()),
                        ('result_en', models.JSONField()),
                        ('basis', models.JSONField()),
                        ('land_class', models.PositiveSmallIntegerField(verbose_name='用地类别')),
                        ('parameter_set', models.CharField(max_length=60, verbose_name='参数集')),
                        ('edition', models.CharField(max_length=60, verbose_name='版本')),
                        ('version', models.CharField(max_length=30)),
                        ('outcome', models.CharField(choices=[('unacceptable', '超过可接受水平'), ('unknown', '不能判断'), ('acceptable', '可接受')], max_length=12, verbose_name='结论')),
                        ('at', models.DateTimeField()),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('site', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='standards.risksite')),
                    ],
                    options={
                        'ordering': ['site_id', '-number'],
                        'constraints': [models.UniqueConstraint(fields=('site', 'number'), name='risk_run_numbered_once')],
                    },
                ),
                migrations.CreateModel(
                    name='RiskDraft',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('content', models.JSONField()),
                        ('at', models.DateTimeField()),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('site', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='standards.risksite')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('site', 'person'), name='one_risk_draft_per_person')],
                    },
                ),
                migrations.CreateModel(
                    name='RiskUncertainty',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('draws', models.PositiveIntegerField()),
                        ('seed', models.PositiveIntegerField()),
                        ('sampler', models.CharField(max_length=20)),
                        ('uncertain', models.JSONField()),
                        ('result', models.JSONField()),
                        ('version', models.CharField(max_length=30)),
                        ('at', models.DateTimeField()),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uncertainties', to='standards.riskrun')),
                    ],
                    options={
                        'ordering': ['run_id', '-at'],
                    },
                ),
            ],
        ),
    ]

import django.db.models.deletion
import soildesk.core.models.scoped
from django.conf import settings
from django.db import migrations, models

from soildesk.core.together import Together


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ("core", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='ImportBatch',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('kind', models.CharField(max_length=60)),
                        ('file_name', models.CharField(max_length=200, verbose_name='文件')),
                        ('sha256', models.CharField(db_index=True, max_length=64)),
                        ('division_path', models.CharField(blank=True, db_index=True, max_length=80)),
                        ('context', models.JSONField(default=dict)),
                        ('state', models.CharField(choices=[('loading', '读取中'), ('previewed', '待确认'), ('accepted', '已导入'), ('rejected', '已放弃')], default='loading', max_length=12, verbose_name='状态')),
                        ('receipt', models.CharField(blank=True, max_length=40, verbose_name='回执编号')),
                        ('mapping', models.JSONField(default=list)),
                        ('counts', models.JSONField(default=dict)),
                        ('result', models.JSONField(default=dict)),
                        ('at', models.DateTimeField()),
                        ('decided_at', models.DateTimeField(blank=True, null=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('file', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.fileuse')),
                    ],
                    options={
                        'ordering': ['-at'],
                        'constraints': [models.UniqueConstraint(condition=models.Q(('receipt', ''), _negated=True), fields=('receipt',), name='import_receipt_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ImportRow',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveIntegerField()),
                        ('raw', models.JSONField(default=dict)),
                        ('verdict', models.CharField(choices=[('ok', '可导入'), ('warning', '有提示'), ('refused', '不导入')], max_length=8)),
                        ('messages', models.JSONField(default=list)),
                        ('before', models.JSONField(blank=True, null=True)),
                        ('after', models.JSONField(blank=True, null=True)),
                        ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rows', to='kit.importbatch')),
                    ],
                    options={
                        'ordering': ['position', 'id'],
                        'indexes': [models.Index(fields=['batch', 'verdict'], name='kit_importr_batch_i_53d840_idx')],
                    },
                ),
                migrations.CreateModel(
                    name='SavedView',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('register', models.CharField(max_length=80)),
                        ('name', models.CharField(max_length=40, verbose_name='名称')),
                        ('query', models.TextField(blank=True)),
                        ('saved_at', models.DateTimeField()),
                        ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_views', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'db_table': 'kit_savedview',
                        'ordering': ['name'],
                        'constraints': [models.UniqueConstraint(fields=('owner', 'register', 'name'), name='view_name_once_per_owner')],
                    },
                ),
            ],
        ),
    ]


import django.db.models.deletion
import soildesk.core.models.scoped
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_enterprise_words'),
        ('enterprises', '0002_records_of_facilities'),
        ('kit', '0002_gis_imports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WasteAssessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                ('division_path', models.CharField(db_index=True, max_length=80)),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('kind', models.CharField(choices=[('producer', '产废单位'), ('operator', '经营单位')], max_length=8, verbose_name='类别')),
                ('round', models.CharField(choices=[('all', '全面评估'), ('spot', '抽查')], default='all', max_length=4, verbose_name='方式')),
                ('body', models.CharField(blank=True, max_length=120, verbose_name='评估单位')),
                ('on', models.DateField(verbose_name='评估日期')),
                ('score', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='得分')),
                ('level', models.CharField(choices=[('passes', '达标'), ('mostly', '基本达标'), ('fails', '不达标')], max_length=6, verbose_name='结果')),
                ('veto', models.CharField(blank=True, max_length=200, verbose_name='否决情形')),
                ('document', models.CharField(blank=True, max_length=200, verbose_name='依据文件')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='备注')),
                ('recorded_at', models.DateTimeField()),
                ('superseded_at', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='原因')),
                ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kit.importbatch')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='waste_assessments', to='enterprises.enterprise')),
                ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-on', '-id'],
                'indexes': [models.Index(condition=models.Q(('superseded_at', None)), fields=['year', 'kind'], name='waste_assessment_of_year')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('superseded_at', None)), fields=('enterprise', 'year', 'kind', 'round', 'body'), name='waste_assessment_once'), models.CheckConstraint(condition=models.Q(models.Q(('round', 'spot'), _negated=True), models.Q(('body', ''), _negated=True), _connector='OR'), name='waste_spot_check_has_a_body')],
            },
        ),
    ]

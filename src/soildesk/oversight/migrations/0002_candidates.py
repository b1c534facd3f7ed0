
import django.db.models.deletion
import soildesk.core.models.scoped
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0007_enterprise_words'),
        ('enterprises', '0003_waste_assessments'),
        ('oversight', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Candidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                ('division_path', models.CharField(db_index=True, max_length=80)),
                ('origin', models.CharField(max_length=160, unique=True)),
                ('on', models.DateField(verbose_name='日期')),
                ('words', models.JSONField(default=dict)),
                ('found_at', models.DateTimeField()),
                ('gone_at', models.DateTimeField(blank=True, null=True)),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='enterprises.enterprise')),
                ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
            ],
            options={
                'ordering': ['-on', '-id'],
                'indexes': [models.Index(condition=models.Q(('gone_at', None)), fields=['enterprise'], name='candidate_of_firm')],
            },
        ),
    ]

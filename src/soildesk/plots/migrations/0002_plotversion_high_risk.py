
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('plots', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='plotversion',
            name='high_risk',
            field=models.BooleanField(null=True, verbose_name='筛查为污染风险较高'),
        ),
    ]

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('supervision', '0004_slip_said'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='letter',
            name='letter_sent_has_a_day',
        ),
        migrations.AlterField(
            model_name='letter',
            name='state',
            field=models.CharField(choices=[('draft', '草稿'), ('signed', '已签发'), ('sent', '已发出'), ('answered', '已答复'), ('closed', '已办结'), ('void', '已作废')], default='draft', max_length=10, verbose_name='状态'),
        ),
        migrations.AddConstraint(
            model_name='letter',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ('draft', 'signed', 'void')), ('sent_on__isnull', False), _connector='OR'), name='letter_sent_has_a_day'),
        ),
    ]

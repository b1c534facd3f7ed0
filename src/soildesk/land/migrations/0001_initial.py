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
        ('core', '0004_token'),
        ('kit', '0002_gis_imports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together(
            operations=[
                migrations.CreateModel(
                    name='Parcel',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('number', models.CharField(max_length=40, unique=True, verbose_name='登记编号')),
                    ],
                ),
                migrations.CreateModel(
                    name='UnusedLand',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('number', models.CharField(max_length=40, unique=True, verbose_name='编号')),
                    ],
                ),
                migrations.CreateModel(
                    name='Layer',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('code', models.SlugField(max_length=40, unique=True, verbose_name='图层代码')),
                        ('title', models.CharField(max_length=80, verbose_name='图层名称')),
                        ('kind', models.CharField(choices=[('basic_farmland', '永久基本农田'), ('priority_farmland', '优先保护类耕地集中区'), ('water_source', '饮用水水源保护区'), ('red_line', '生态保护红线'), ('park', '工业园区'), ('control_zone', '土壤污染管控区'), ('planning', '规划用地'), ('division', '行政区界线'), ('other', '其他图层')], default='other', max_length=20, verbose_name='类别')),
                        ('authority', models.CharField(blank=True, max_length=120, verbose_name='划定机关')),
                        ('attributes', models.JSONField(default=list)),
                        ('class_attribute', models.CharField(blank=True, max_length=60, verbose_name='分级字段')),
                        ('is_public', models.BooleanField(default=False, verbose_name='可公开')),
                        ('created_at', models.DateTimeField()),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                    ],
                    options={
                        'ordering': ['kind', 'title'],
                    },
                ),
                migrations.CreateModel(
                    name='LayerEdition',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('title', models.CharField(blank=True, max_length=120, verbose_name='版本')),
                        ('document', models.CharField(blank=True, max_length=120, verbose_name='批准文号')),
                        ('state', models.CharField(choices=[('loading', '读入中'), ('accepted', '已采用')], default='loading', max_length=8)),
                        ('since', models.DateField(verbose_name='起')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                        ('recorded_at', models.DateTimeField()),
                        ('superseded_at', models.DateTimeField(blank=True, null=True)),
                        ('published_at', models.DateTimeField(blank=True, null=True)),
                        ('attributes', models.JSONField(default=list)),
                        ('features', models.PositiveIntegerField(default=0, verbose_name='图斑数')),
                        ('area_m2', models.FloatField(default=0, verbose_name='面积')),
                        ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='kit.importbatch')),
                        ('layer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='editions', to='land.layer')),
                    ],
                    options={
                        'ordering': ['-since', '-id'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='layer_edition_ends_later'), models.UniqueConstraint(condition=models.Q(('state', 'accepted'), ('superseded_at__isnull', True)), fields=('layer', 'since'), name='layer_edition_once_a_day')],
                    },
                ),
                migrations.CreateModel(
                    name='LineageEvent',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('kind', models.CharField(choices=[('split', '分割'), ('merge', '合并'), ('boundary', '界线调整')], max_length=8, verbose_name='方式')),
                        ('on', models.DateField(verbose_name='日期')),
                        ('document', models.CharField(blank=True, max_length=80, verbose_name='依据文号')),
                        ('reason', models.CharField(max_length=300, verbose_name='原因')),
                        ('at', models.DateTimeField()),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                ),
                migrations.CreateModel(
                    name='LineageLink',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('area_m2', models.FloatField()),
                        ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='land.lineageevent')),
                        ('ancestor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='descendants', to='land.parcel')),
                        ('descendant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ancestors', to='land.parcel')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('event', 'ancestor', 'descendant'), name='lineage_link_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ParcelCode',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('scheme', models.CharField(max_length=40, verbose_name='编码体系')),
                        ('code', models.CharField(db_index=True, max_length=80, verbose_name='代码')),
                        ('since', models.DateField(blank=True, null=True, verbose_name='起')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                        ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='codes', to='land.parcel')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('parcel', 'scheme', 'code'), name='parcel_code_once')],
                    },
                ),
                migrations.CreateModel(
                    name='ParcelVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('since', models.DateField(verbose_name='起')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                        ('recorded_at', models.DateTimeField(verbose_name='登记时间')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='被更正时间')),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='原因')),
                        ('kind', models.CharField(choices=[('lot', '宗地'), ('patch', '图斑'), ('plot', '地块')], default='plot', max_length=8, verbose_name='类别')),
                        ('name', models.CharField(blank=True, max_length=120, verbose_name='名称')),
                        ('code', models.CharField(blank=True, db_index=True, max_length=80, verbose_name='外部代码')),
                        ('location', models.CharField(blank=True, max_length=200, verbose_name='坐落')),
                        ('use_system', models.CharField(blank=True, max_length=20, verbose_name='用地分类标准')),
                        ('use_now', models.CharField(blank=True, max_length=20, verbose_name='现状用途代码')),
                        ('use_planned', models.CharField(blank=True, max_length=20, verbose_name='规划用途代码')),
                        ('holder', models.CharField(blank=True, max_length=120, verbose_name='使用权人')),
                        ('holder_kind', models.CharField(blank=True, choices=[('state', '国有'), ('collective', '集体'), ('organisation', '单位'), ('person', '个人')], max_length=12, verbose_name='权属性质')),
                        ('area_m2', models.FloatField(editable=False, verbose_name='计算面积')),
                        ('area_of_record_m2', models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True, verbose_name='登记面积')),
                        ('geometry', soildesk.core.geometry.GeometryField(kind='MultiPolygon', verbose_name='范围')),
                        ('batch', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='kit.importbatch')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('parcel', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='land.parcel')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [soildesk.core.geometry.index.SpatialIndex(fields=['geometry'], name='parcelversion_geometry'), models.Index(condition=models.Q(('superseded_at', None)), fields=['parcel', 'since'], name='parcelversion_standing'), models.Index(fields=['-area_m2'], name='parcelversion_area')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='land_parcelversion_ends_later'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True), ('until__isnull', True)), fields=('parcel',), name='parcel_one_open_version')],
                    },
                ),
                migrations.CreateModel(
                    name='Patrol',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('on', models.DateField(verbose_name='巡查日期')),
                        ('found', models.CharField(choices=[('nothing', '未见异常'), ('dumping', '倾倒堆放'), ('pollution', '疑似污染'), ('occupation', '占用开发'), ('other', '其他异常')], max_length=12, verbose_name='发现')),
                        ('note', models.CharField(blank=True, max_length=500, verbose_name='情况说明')),
                        ('action', models.CharField(blank=True, max_length=500, verbose_name='已采取措施')),
                        ('point', soildesk.core.geometry.GeometryField(blank=True, kind='Point', null=True, verbose_name='位置')),
                        ('at', models.DateTimeField()),
                        ('closed_on', models.DateField(blank=True, null=True, verbose_name='办结日期')),
                        ('closed_at', models.DateTimeField(blank=True, null=True)),
                        ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('closed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('land', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='patrols', to='land.unusedland')),
                    ],
                    options={
                        'ordering': ['-on', '-id'],
                        'indexes': [soildesk.core.geometry.index.SpatialIndex(fields=['point'], name='patrol_point'), models.Index(fields=['land', '-on'], name='patrol_of_land')],
                    },
                ),
                migrations.CreateModel(
                    name='UnusedLandVersion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('since', models.DateField(verbose_name='起')),
                        ('until', models.DateField(blank=True, null=True, verbose_name='止')),
                        ('recorded_at', models.DateTimeField(verbose_name='登记时间')),
                        ('superseded_at', models.DateTimeField(blank=True, null=True, verbose_name='被更正时间')),
                        ('reason', models.CharField(blank=True, max_length=300, verbose_name='原因')),
                        ('name', models.CharField(max_length=120, verbose_name='名称')),
                        ('code', models.CharField(blank=True, db_index=True, max_length=80, verbose_name='图斑编号')),
                        ('kind', models.CharField(choices=[('bare', '裸地'), ('sand', '沙地'), ('saline', '盐碱地'), ('grass', '其他草地'), ('shoal', '滩涂'), ('other', '其他')], max_length=8, verbose_name='类型')),
                        ('is_reserve', models.BooleanField(default=False, verbose_name='耕地后备资源')),
                        ('patrol_every_months', models.PositiveSmallIntegerField(default=6, verbose_name='巡查周期（月）')),
                        ('area_m2', models.FloatField(editable=False, verbose_name='计算面积')),
                        ('geometry', soildesk.core.geometry.GeometryField(kind='MultiPolygon', verbose_name='范围')),
                        ('keeper', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department', verbose_name='管护单位')),
                        ('land', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='land.unusedland')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                        ('recorded_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='登记人')),
                    ],
                    options={
                        'abstract': False,
                        'indexes': [soildesk.core.geometry.index.SpatialIndex(fields=['geometry'], name='unused_geometry'), models.Index(condition=models.Q(('superseded_at', None)), fields=['land', 'since'], name='unused_standing')],
                        'constraints': [models.CheckConstraint(condition=models.Q(('until__isnull', True), ('until__gt', models.F('since')), _connector='OR'), name='land_unusedlandversion_ends_later'), models.UniqueConstraint(condition=models.Q(('superseded_at__isnull', True), ('until__isnull', True)), fields=('land',), name='unused_one_open_version')],
                    },
                ),
                migrations.CreateModel(
                    name='Zone',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('uid', models.UUIDField(default=soildesk.core.models.scoped.new_uid, editable=False, unique=True)),
                        ('division_path', models.CharField(db_index=True, max_length=80)),
                        ('code', models.CharField(blank=True, db_index=True, max_length=80, verbose_name='代码')),
                        ('name', models.CharField(blank=True, max_length=120, verbose_name='名称')),
                        ('level', models.CharField(blank=True, max_length=60, verbose_name='分级')),
                        ('attributes', models.JSONField(default=dict)),
                        ('area_m2', models.FloatField(default=0, verbose_name='面积')),
                        ('geometry', soildesk.core.geometry.GeometryField(kind='Geometry', verbose_name='范围')),
                        ('edition', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='zones', to='land.layeredition')),
                        ('owner_department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.department')),
                    ],
                    options={
                        'indexes': [soildesk.core.geometry.index.SpatialIndex(fields=['geometry'], name='zone_geometry'), models.Index(fields=['edition', '-area_m2'], name='zone_area')],
                    },
                ),
            ],
        ),
    ]

"""The plots of the made-up district: what stood there, where it lies, and how far each came; read by make_plots.py."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Story:
    """One plot. `where`: a lot, a part of one, or the size of a box the town has room for.

    `way`: how far it came. `start`: from when on it is told; `carried` where the first load of the national system tells it.
    """

    name: str
    town: str
    where: str
    industry: str
    way: str
    start: date
    planned: str = "0701"
    pollutants: str = ""
    works: str = "remediation"
    carried: str = ""
    holder: str = "青禾区土地储备中心"
    covers: float = 1.0
    negative: bool = False
    priority: bool = False


D = date
CENTRE, STATION, NEW, LAKE, EAST, STONE, EGRET, WILLOW = (
    "城关街道", "站前街道", "新苑街道", "北湖街道", "河东街道", "青石镇", "白鹭镇", "柳溪镇",
)  # fmt: skip
PESTICIDE = "原青禾农药厂地块"
SPLIT = "原青禾纺织印染厂地块"  # its parcel was divided after the survey
USED = "原城关农机修造厂地块"  # parked on since its release
CLEAR = "原城关皮件厂地块"  # nothing in the way
PARTLY = "原青禾铅笔厂地块"  # the survey covers a part of it
FROM_CANDIDATE = "柳溪镇南加油站地块"  # began as a candidate
OVERDUE = "原站前农药仓库地块"  # no survey within six months of the notice
STORIES = (
    Story(PESTICIDE, CENTRE, "lot:原青禾农药厂地块", "2631", "S5", D(2019, 12, 10), pollutants="β-六六六、滴滴涕、苯", negative=True, priority=True),
    Story("原青禾农药厂成品库地块", CENTRE, "plan:9262,7000,9360,7270", "2631", "S3", D(2023, 5, 18), pollutants="滴滴涕、β-六六六"),
    Story(SPLIT, CENTRE, "lot:城关街道33号宗地", "1713", "within", D(2023, 5, 18), "080403"),
    Story("原城关电镀社地块", CENTRE, "lot:城关街道34号宗地", "3360", "removed", D(2019, 12, 10), "0901", "六价铬、镍"),
    Story("原青禾无线电元件厂地块", CENTRE, "lot:城关街道45号宗地", "3982", "removed", D(2020, 6, 1), "0701", "铅、三氯乙烯", carried="removed"),
    Story(USED, CENTRE, "lot:城关街道57号宗地", "3571", "within", D(2023, 5, 18)),
    Story(CLEAR, CENTRE, "lot:城关街道66号宗地", "1923", "within", D(2024, 10, 22)),
    Story("原青禾印刷厂地块", CENTRE, "lot:城关街道71号宗地", "2319", "no_control", D(2021, 6, 15), "0901", "苯并[a]芘"),
    Story("原城关加油站地块", CENTRE, "lot:城关街道84号宗地", "5265", "S1", D(2026, 3, 25), "0901", holder="青禾石化储运有限公司"),
    Story("原青禾化学试剂厂地块", CENTRE, "lot:城关街道90号宗地", "2661", "S6", D(2021, 6, 15), "0701", "氯仿、砷"),
    Story("原青禾蓄电池厂老厂区地块", CENTRE, "lot:城关街道103号宗地", "3843", "S4", D(2022, 3, 1), "1401", "铅", "control", carried="S3", priority=True),
    Story(PARTLY, CENTRE, "lot:城关街道117号宗地", "2412", "within", D(2024, 10, 22), covers=0.83),
    Story("原城关酱菜厂地块", CENTRE, "lot:城关街道123号宗地", "1469", "dismissed", D(2023, 5, 18), "0901"),
    Story("原青禾灯泡厂地块", CENTRE, "lot:城关街道130号宗地", "3871", "aftercare", D(2020, 6, 1), "1401", "汞", "control_and_remediation"),
    Story("原青禾制药厂地块", CENTRE, "lot:城关街道138号宗地", "2710", "detailed_within", D(2024, 10, 22), "0901", "二氯甲烷"),
    Story("原城关汽车修理厂地块", CENTRE, "lot:城关街道150号宗地", "8111", "S0", D(2026, 9, 30), "0901", holder="青禾汽修服务有限公司"),
    Story("青禾焦化旧址地块", STATION, "lot:青禾焦化旧址", "2521", "S6", D(2021, 6, 15), "1001", "苯并[a]芘、苯、氰化物", "control_and_remediation", negative=True),
    Story("云泽铅锌冶炼渣场西侧地块", STATION, "west:云泽铅锌冶炼渣场:0.4", "3212", "S2", D(2025, 6, 5), "1001", "铅、镉、砷", holder="云泽铅锌冶炼有限公司", priority=True),
    Story("青禾化肥厂东侧收回地块", STATION, "east:青禾化肥厂:0.5", "2621", "S1", D(2026, 3, 25), "1101"),
    Story("青禾制革园二厂南侧地块", STATION, "south:青禾制革园二厂:0.45", "1910", "S3", D(2024, 10, 22), "1101", "六价铬", holder="青禾制革有限公司"),
    Story("青禾木材防腐厂旧浸注车间地块", STATION, "west:青禾木材防腐厂:0.25", "2029", "S2", D(2025, 6, 5), "1001", "五氯酚、苯并[a]芘", holder="青禾木材防腐有限公司"),
    Story("恒盛皮革旧污泥池地块", STATION, "south:恒盛皮革制品厂:0.2", "1910", "S4", D(2022, 3, 1), "1001", "六价铬", "control", carried="S4", holder="恒盛皮革制品有限公司", negative=True),
    Story(OVERDUE, STATION, "box:120,90", "2631", "S0", D(2026, 3, 25), "1101", holder="青禾供销合作总社"),
    Story("原站前油毡厂地块", STATION, "box:210,150", "3033", "S1", D(2026, 3, 25), "0901", holder="站前资产经营有限公司"),
    Story("原站前铁合金厂地块", STATION, "box:320,220", "3140", "removed", D(2020, 6, 1), "1101", "六价铬、锰", carried="removed"),
    Story("原铁路货场危险品库地块", STATION, "box:180,110", "5941", "S2", D(2025, 6, 5), "1201", "苯胺", holder="云泽铁路物流有限公司"),
    Story("站前废旧电池拆解点地块", STATION, "box:70,60", "4210", "S0", D(2026, 9, 30), "1401", holder="站前街道办事处"),
    Story("原新苑热电厂灰场地块", NEW, "box:380,260", "4411", "within", D(2023, 5, 18)),
    Story("原新苑机床厂地块", NEW, "box:300,240", "3421", "removed", D(2020, 6, 1), "0701", "石油烃", carried="removed"),
    Story("新苑北路加油加气站地块", NEW, "box:70,60", "5265", "S1", D(2026, 3, 25), "0901", holder="城北石油销售有限公司"),
    Story("原新苑搪瓷厂地块", NEW, "box:220,180", "3389", "within", D(2022, 3, 1), "0803", carried="within"),
    Story("原新苑染料厂地块", NEW, "box:340,230", "2645", "S5", D(2021, 6, 15), "0701", "苯胺、硝基苯", carried="S5", negative=True),
    Story("原新苑橡胶厂地块", NEW, "box:200,160", "2911", "S0", D(2026, 9, 30), holder="新苑橡胶制品有限公司"),
    Story("原北湖造纸厂地块", LAKE, "box:360,250", "2221", "S4", D(2023, 5, 18), "1401", "石油烃、汞", "control", priority=True),
    Story("原北湖水泥厂地块", LAKE, "box:330,280", "3011", "within", D(2024, 10, 22)),
    Story("原北湖船舶修理厂地块", LAKE, "box:150,110", "4342", "S1", D(2025, 9, 10), "1401", holder="北湖旅游开发有限公司"),
    Story("原北湖玻璃钢厂地块", LAKE, "box:160,130", "3062", "detailed_within", D(2023, 5, 18), "0901", "苯乙烯"),
    Story("北湖垃圾填埋场旧址地块", LAKE, "box:280,240", "7820", "S3", D(2024, 10, 22), "1401", "氨氮、砷"),
    Story("原河东砖瓦厂地块", EAST, "box:300,220", "3031", "within", D(2024, 10, 22), "0701"),
    Story("原河东电池厂地块", EAST, "box:240,180", "3844", "S5", D(2022, 3, 1), "0701", "铅、镉、镍", carried="S5"),
    Story("河东汽车修理城地块", EAST, "box:140,120", "8111", "S0", D(2026, 9, 30), "0901", holder="河东汽车城管理有限公司"),
    Story("原河东五金电镀园地块", EAST, "box:260,190", "3360", "S6", D(2022, 3, 1), "1001", "六价铬、镍、氰化物", carried="S6"),
    Story("河东土法炼油点地块", EAST, "box:90,70", "2511", "S2", D(2025, 9, 10), "1401", "苯并[a]芘、石油烃", holder="河东街道办事处"),
    Story("原河东金属回收站地块", EAST, "box:110,90", "4210", "S1", D(2026, 3, 25), "0901", holder="河东物资回收有限公司"),
    Story("原石门选矿厂地块", STONE, "box:350,240", "0912", "S6", D(2021, 6, 15), "1401", "砷、铅、锌", "control_and_remediation"),
    Story("原青石硫铁矿堆场地块", STONE, "box:300,260", "1020", "S4", D(2022, 3, 1), "1401", "砷", "control", carried="S4"),
    Story("青石采石场机修车间地块", STONE, "box:100,80", "3570", "S0", D(2026, 9, 30), "1001", holder="青石建材有限公司"),
    Story("原青石硫酸厂地块", STONE, "box:310,230", "2611", "removed", D(2020, 6, 1), "1001", "砷、铅", "control", carried="removed"),
    Story("原青石民爆器材库地块", STONE, "box:200,200", "2671", "within", D(2023, 5, 18), "1001"),
    Story("原青石钙粉厂地块", STONE, "box:180,140", "2613", "no_control", D(2022, 3, 1), "1001", "钒", carried="no_control"),
    Story("原白鹭农机站地块", EGRET, "box:120,100", "3571", "S1", D(2025, 9, 10), "080403", holder="白鹭镇人民政府"),
    Story("白鹭镇旧化肥库地块", EGRET, "box:90,80", "2621", "S0", D(2026, 3, 25), "0901", holder="白鹭供销社"),
    Story("原白鹭砷制剂厂地块", EGRET, "box:250,190", "2613", "S5", D(2021, 6, 15), "0701", "砷", negative=True, priority=True),
    Story("原白鹭棉织厂地块", EGRET, "box:240,170", "1711", "within", D(2025, 6, 5), "0701"),
    Story("白鹭医药中间体旧厂区地块", EGRET, "box:180,150", "2710", "S2", D(2025, 6, 5), "1001", "甲苯、二氯乙烷", holder="白鹭医药中间体有限公司"),
    Story("原柳溪冶炼厂地块", WILLOW, "box:370,280", "3212", "S5", D(2021, 6, 15), "1401", "铅、镉、砷", "control_and_remediation", negative=True),
    Story("原柳溪铅锌选矿厂地块", WILLOW, "box:300,200", "0912", "S3", D(2022, 3, 1), "1401", "铅、镉", carried="S2"),
    Story(FROM_CANDIDATE, WILLOW, "box:80,60", "5265", "required", D(2026, 9, 10), "0901", holder="柳溪石油供应站"),
    Story("原柳溪制浆厂地块", WILLOW, "box:280,210", "2211", "no_control", D(2021, 6, 15), "1001", "石油烃"),
    Story("原柳溪造漆厂地块", WILLOW, "box:190,150", "2641", "S2", D(2025, 9, 10), "1001", "铅、甲苯"),
)  # fmt: skip

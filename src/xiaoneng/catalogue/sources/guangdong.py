"""Item guides of the government service site of Guangdong (广东政务服务网), one JSON object a line."""

from xiaoneng.catalogue.sources.layout import Layout

GUANGDONG = Layout(
    name="guangdong",
    title="广东政务服务网办事指南",
    code="TASK_CODE",
    item="TASK_NAME",
    department="DEPT_NAME",
    department_code="ORGCODE",
    region_code="AREACODE",
    region="AREA_CODE_TEXT",
    # By text: the numbers of the kinds differ from province to province.
    kind="TASK_TYPE_TEXT",
    statutory="handle_time",
    promised="handle_time_limit",
    conditions="accept_standard",
    materials="material_intro",
    themes="theme_category",
    audience="service_object_name",
    online="ONLINECHECK",
    location="handle_location",
    phone="consult_phone",
    complaint_phone="complain_phone",
    aliases=("matter_short", "matter_daily"),
    nothing=frozenset({"", "无", "/", "-", "—"}),
    # The credit code of the organ, 18, the power's number, 13, and with a handling item 2 more.
    code_lengths=frozenset({31, 33}),
)

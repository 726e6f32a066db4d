"""A card keeps what it said: only that it stands no longer can be written, once; and the first rules of accumulation."""

from datetime import date
from typing import Any

from django.db import migrations

FREEZE = """
CREATE FUNCTION keep_cards() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, xn, pg_temp AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND (to_jsonb(OLD) - 'standing') = (to_jsonb(NEW) - 'standing') AND OLD.standing THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION '牌一经发出不能改动或者删除，只能依程序撤回：% 被拒绝。', TG_OP USING ERRCODE = 'XN001';
END$$;
CREATE TRIGGER cards_are_kept BEFORE UPDATE OR DELETE ON supervision_card FOR EACH ROW EXECUTE FUNCTION keep_cards();
CREATE TRIGGER cards_are_never_emptied BEFORE TRUNCATE ON supervision_card
  FOR EACH STATEMENT EXECUTE FUNCTION keep_cards();
REVOKE DELETE, TRUNCATE ON supervision_card, supervision_order, supervision_accountability, supervision_reminder FROM xn_app;
"""
UNFREEZE = """
GRANT DELETE ON supervision_card, supervision_order, supervision_accountability, supervision_reminder TO xn_app;
DROP FUNCTION keep_cards() CASCADE;
"""
BASIS = "平台默认规则，启用前请按本地文件核定"
FIRST = (
    ("A-YELLOW-3", "十二个月内三张黄牌生效", "card", "yellow", 3, 12, "education", 1),
    ("A-RED-1", "一张红牌生效", "card", "red", 1, 12, "reminder", 1),
    ("A-RED-2", "十二个月内两张红牌生效", "card", "red", 2, 12, "admonishment", 3),
    ("A-COMPLAINT", "查实的投诉", "complaint", "", 1, 12, "reminder", 2),
    ("A-COMPLAINT-3", "十二个月内三件查实的投诉", "complaint", "", 3, 12, "admonishment", 3),
    ("A-FINDING", "查实的问题", "finding", "", 1, 12, "education", 2),
    ("A-ADMONISHED-2", "十二个月内两次诫勉", "measure", "admonishment", 2, 12, "efficiency_admonition", 5),
    ("A-ADMONITION-2", "十二个月内两次效能告诫", "measure", "efficiency_admonition", 2, 12, "organisational", 10),
)


def seed(apps: Any, editor: Any) -> None:
    """Write the first rules of accumulation."""
    table = apps.get_model("supervision", "Accumulation")
    names = ("code", "label", "source", "rule", "count", "months", "measure", "points")
    table.objects.using(editor.connection.alias).bulk_create(
        table(**dict(zip(names, row, strict=True)), basis=BASIS, since=date(2020, 1, 1)) for row in FIRST
    )


class Migration(migrations.Migration):
    dependencies = [("supervision", "0004_cards_and_orders")]

    operations = [
        migrations.RunSQL(FREEZE, UNFREEZE),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]

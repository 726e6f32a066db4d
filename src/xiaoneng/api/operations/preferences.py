"""Settings for programs: what each does, what it is, and setting it, each administrator his own."""

from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest
from pydantic import Field

from xiaoneng.api.door import Bearer, Caller, caller_of
from xiaoneng.api.operations.organisation import Done, room
from xiaoneng.api.schemas.words import Answer, Body, Instant, LongText, Version
from xiaoneng.api.scopes import Scope
from xiaoneng.api.tables import by_of
from xiaoneng.api.unchanged import seen_of
from xiaoneng.kit import clock
from xiaoneng.matters import reads as matters
from xiaoneng.org import preferences
from xiaoneng.org import reads as org
from xiaoneng.rules.roles import Administrator
from xiaoneng.rules.workdays import local_day

SETTINGS = Bearer(Scope.ADMIN_SYSTEM, Scope.ADMIN_SECURITY)


class SettingTold(Answer):
    """A setting: what it does, what it is, whose it is."""

    key: str
    group: str
    label: str
    why: str
    value: str | int | bool
    default: str | int | bool
    unit: str
    administrator: str
    changed_at: Instant | None
    changed_by: str
    version: Version


class SettingAsked(Body):
    """The value to be set."""

    value: LongText | int | bool


@room.reads("/admin/settings", list[SettingTold], door=SETTINGS, summary="设置")
def list_settings(request: HttpRequest) -> list[SettingTold]:
    """List every setting with what it does and who may set it."""
    return [
        SettingTold(
            key=each.preference.key, group=each.preference.group, label=each.preference.label, why=each.preference.why,
            value=each.value, default=each.default, unit=each.preference.unit, administrator=each.preference.who.value,
            changed_at=each.changed_at, changed_by=each.changed_by, version=each.version,
        )
        for each in preferences.shown(matters.installation(), _given())
    ]  # fmt: skip


@room.sets("PUT", "/admin/settings/{key}", Done, door=SETTINGS, summary="修改一项设置", marked=True)
def change_setting(
    request: HttpRequest, key: Annotated[str, Field(pattern=r"^[a-z_]{1,40}$")], asked: SettingAsked
) -> Done:
    """Set one value; each administrator sets what is his."""
    caller = caller_of(request)
    value = asked.value
    text = str(value).lower() if isinstance(value, bool) else str(value)
    current: dict[str, Any] = preferences.values(matters.installation(), _given())
    preferences.change(
        key, text, current=current, roles=_administrators(caller), by=by_of(request), at=clock.now(), seen=seen_of(request)
    )  # fmt: skip
    return Done(text=f"“{preferences.PREFERENCES[key].label}”已保存，几秒内在所有页面生效。")


def _administrators(caller: Caller) -> frozenset[Administrator]:
    # The token counts as well as the role: one that was made for security alone sets nothing of the system's.
    pairs = {Scope.ADMIN_SYSTEM: Administrator.SYSTEM, Scope.ADMIN_SECURITY: Administrator.SECURITY}
    held = org.administrator_of(caller.account, local_day(caller.now))
    return frozenset(role for scope, role in pairs.items() if scope in caller.scopes and role in held)


def _given() -> dict[str, str]:
    return {"site_name": settings.SITE_NAME, "city": settings.CITY, "hall_address": settings.HALL_ADDRESS}

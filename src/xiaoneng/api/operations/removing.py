"""Removing regions, departments and windows that were made by mistake: nothing may stand on them."""

from django.http import HttpRequest, HttpResponse

from xiaoneng.api.operations.drafts import nothing
from xiaoneng.api.operations.organisation import SYSTEM, room
from xiaoneng.api.schemas.words import Id
from xiaoneng.api.tables import by_of
from xiaoneng.kit import clock
from xiaoneng.org import places


@room.sets("DELETE", "/admin/regions/{id}", None, door=SYSTEM, summary="删除没有用到的地区")
def remove_region(request: HttpRequest, id: Id) -> HttpResponse:
    """Remove a region that nothing stands on."""
    places.remove("region", id, by=by_of(request), at=clock.now())
    return nothing()


@room.sets("DELETE", "/admin/departments/{id}", None, door=SYSTEM, summary="删除没有用到的部门")
def remove_organ(request: HttpRequest, id: Id) -> HttpResponse:
    """Remove a department that nothing stands on; one that worked is closed instead."""
    places.remove("department", id, by=by_of(request), at=clock.now())
    return nothing()


@room.sets("DELETE", "/admin/windows/{id}", None, door=SYSTEM, summary="删除没有用到的窗口")
def remove_window(request: HttpRequest, id: Id) -> HttpResponse:
    """Remove a window that nothing stands on."""
    places.remove("window", id, by=by_of(request), at=clock.now())
    return nothing()

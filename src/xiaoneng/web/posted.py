"""What a posted form carries beside its fields: the key that makes a repeated post harmless."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from xiaoneng.rules.grounds import NotAllowed


def form_key(request: HttpRequest) -> UUID:
    """Return the idempotency key of a posted form.

    :raises NotAllowed: the form carries none or a broken one.
    """
    try:
        return UUID(request.POST.get("form_key", ""))
    except ValueError:
        raise NotAllowed("这张表单不完整，没有提交。请返回上一页，刷新之后重新填写。") from None

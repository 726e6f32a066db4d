"""Bodies and answers about the supervisors' board, webhooks and the caller."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from xiaoneng.api.schemas.words import Answer, Body, Id, Instant


class Me(Answer):
    """Who calls."""

    login: str
    name: str
    kind: str
    roles: list[str]
    scopes: list[str]
    token: str
    expires_at: Instant


class DepartmentLights(Answer):
    """A department's open cases by light."""

    department: int
    name: str
    red: int
    yellow: int
    paused: int
    green: int
    total: int
    on_time: int
    decided: int


class BoardTold(Answer):
    """The supervisors' board."""

    departments: list[DepartmentLights]
    red: int
    yellow: int
    paused: int
    green: int
    total: int
    newly_red: int = Field(description="今天新亮的红灯")
    due_today: int = Field(description="今天到期的办件")


class RedTold(Answer):
    """A case that is red now."""

    number: str
    title: str
    department: int
    department_name: str
    step: str
    desk: str
    since: Instant
    overdue: str


class RecordTold(Answer):
    """A red light on record."""

    clock: str
    round: int
    since: Instant
    recorded_at: Instant
    step: str
    seal: int | None


class LightsTold(Answer):
    """How many open cases showed which light at an instant, told from the journal alone."""

    as_of: Instant
    green: int
    yellow: int
    red: int
    paused: int


class EventType(Answer):
    """A type of event that a webhook can ask for."""

    type: str
    label: str


class WebhookAsked(Body):
    """Where events are to be sent, and which; nothing named means all that the account may see."""

    url: Annotated[
        str,
        StringConstraints(min_length=8, max_length=500, pattern=r"^https?://[^\s\u0000-\u001f\u007f]+$"),
        Field(examples=["https://example.com/events"]),
    ]
    types: Annotated[list[Annotated[str, StringConstraints(max_length=60)]], Field(max_length=40)] = []
    departments: Annotated[list[Id], Field(max_length=200)] = []


class WebhookChanged(Body):
    """Whether a webhook is sent to."""

    active: bool


class WebhookTold(Answer):
    """A webhook."""

    id: int
    url: str
    types: list[str]
    departments: list[int]
    active: bool
    stopped_because: str
    created_at: Instant
    pending: int
    dead: int


class SecretTold(Answer):
    """The key that signs what a webhook is sent."""

    secret: str = Field(description="签名密钥，whsec_ 加 base64；核对签名用，请妥善保存")


class DeliveryTold(Answer):
    """One event on its way to a webhook."""

    id: int
    event: str
    type: str
    state: str
    attempts: int
    next_at: Instant | None
    created_at: Instant
    delivered_at: Instant | None
    answered: int | None
    trouble: str

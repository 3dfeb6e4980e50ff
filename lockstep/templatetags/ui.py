"""Marks that every page draws: icons, states, places, times, people. Never queries the database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# state -> (icon, colour role, word)
PROMOTION = {
    "PENDING": ("st-pending", "idle", "Pending"),
    "QUEUED": ("st-queued", "idle", "Queued"),
    "RUNNING": ("st-running", "move", "Running"),
    "WAITING": ("st-running", "move", "Waiting"),
    "SUSPENDED": ("st-suspended", "wait", "Suspended"),
    "SUCCEEDED": ("st-succeeded", "ok", "Succeeded"),
    "SKIPPED": ("st-nochange", "idle", "Skipped"),
    "FAILED": ("st-failed", "bad", "Failed"),
    "ERROR": ("st-failed", "bad", "Error"),
    "TERMINATING": ("st-terminating", "end", "Terminating"),
    "TERMINATED": ("st-terminated", "end", "Terminated"),
}
HEALTH = {
    "Healthy": ("hl-healthy", "ok"),
    "Progressing": ("hl-progressing", "move"),
    "Degraded": ("hl-degraded", "bad"),
    "Suspended": ("hl-suspended", "wait"),
    "Missing": ("hl-missing", "wait"),
    "Unknown": ("hl-unknown", "idle"),
}
SYNC = {
    "Synced": ("sy-synced", "ok"),
    "OutOfSync": ("sy-outofsync", "wait"),
    "Unknown": ("sy-unknown", "idle"),
}
_TURNING = {"RUNNING", "WAITING", "TERMINATING"}
_DAY = timedelta(days=1)


def svg(name: str, css: str = "", label: str = "") -> SafeString:
    """One icon of the sprite; without a label it is decoration."""
    classes = f"i {css}".strip()
    href = f"#i-{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"/></svg>', classes, label, href
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="{}"/></svg>', classes, href)


@cache
def _sprite() -> SafeString:
    return mark_safe((settings.BASE_DIR / "static/look/icons.svg").read_text())  # noqa: S308  our own file


@register.simple_tag
def sprite() -> SafeString:
    """The drawings of all icons, once in each page: from a file of their own, every new icon lays out all anew."""
    return format_html("<div hidden>{}</div>", _sprite())


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """`{% icon "bolt" %}`, with extra classes and, where it stands alone, a label."""
    return svg(name, css, label)


def _promotion(status: str, reason: str) -> tuple[str, str, str, str]:
    """Icon, colour, word, extra class of a promotion state; NO_CHANGES is a success with its own mark."""
    name, role, word = PROMOTION.get(status, ("st-pending", "idle", status.capitalize()))
    if status == "SUCCEEDED" and reason == "NO_CHANGES":
        name, word = "st-nochange", "No changes"
    return name, role, word, " spin" if status in _TURNING else ""


@register.simple_tag
def state_icon(status: str, reason: str = "") -> SafeString:
    """The circle of a promotion state, alone: the word is its label."""
    name, role, word, turning = _promotion(status, reason)
    return svg(name, f"c-{role}{turning}", word)


@register.simple_tag
def state(status: str, reason: str = "", css: str = "", title: str = "") -> SafeString:
    """Circle and word of a promotion state; css="badge" for the one overall state of a page."""
    name, role, word, turning = _promotion(status, reason)
    return format_html(
        '<span class="st c-{} {}" title="{}">{}<span>{}</span></span>',
        role,
        css,
        title,
        svg(name, turning.strip()),
        word,
    )


@register.filter
def state_role(status: str) -> str:
    """The colour role of a promotion state: ok, move, wait, bad, end, idle."""
    return PROMOTION.get(status, ("", "idle", ""))[1]


@register.filter
def state_word(status: str) -> str:
    return PROMOTION.get(status, ("", "", status.capitalize()))[2]


@register.simple_tag
def health_icon(status: str, css: str = "") -> SafeString:
    """The heart of a health status, alone."""
    name, role = HEALTH.get(status, HEALTH["Unknown"])
    return svg(name, f"c-{role} {css}".strip(), status or "Unknown")


@register.simple_tag
def sync_icon(status: str, css: str = "") -> SafeString:
    """The square of a sync status, alone."""
    name, role = SYNC.get(status, SYNC["Unknown"])
    return svg(name, f"c-{role} {css}".strip(), status or "Unknown")


@register.simple_tag
def health(status: str) -> SafeString:
    """Heart and word."""
    name, role = HEALTH.get(status, HEALTH["Unknown"])
    return format_html('<span class="st c-{}">{}{}</span>', role, svg(name), status or "Unknown")


@register.simple_tag
def sync(status: str) -> SafeString:
    """Square and word."""
    name, role = SYNC.get(status, SYNC["Unknown"])
    return format_html('<span class="st c-{}">{}{}</span>', role, svg(name), status or "Unknown")


@register.simple_tag
def place(kind: str, size: str = "") -> SafeString:
    """The tile of an environment: filled globe for PROD, hollow flask otherwise; its word stands beside."""
    prod = kind == "PROD"
    return format_html(
        '<span class="place {}{}">{}</span>', "prod " if prod else "", size, svg("globe" if prod else "flask")
    )


@register.simple_tag
def kind_word(kind: str) -> SafeString:
    if kind == "PROD":
        return format_html('<span class="kind prod">{}</span>', "Production")
    return format_html('<span class="kind">{}</span>', "Non-production")


def stages(environments: Sequence[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Environments in columns: each stands one column after the last of what it depends on.

    Names outside the list are ignored; a cycle (which validation refuses) ends in the first column.
    """
    by_name = {entry["name"]: entry for entry in environments}
    depth: dict[str, int] = {}

    def depth_of(name: str, seen: frozenset[str]) -> int:
        if name not in depth:
            known = [d for d in by_name[name].get("dependsOn") or () if d in by_name]
            before = [d for d in known if d != name and d not in seen]
            depth[name] = 1 + max((depth_of(d, seen | {name}) for d in before), default=-1)
        return depth[name]

    columns: dict[int, list[Mapping[str, Any]]] = {}
    for entry in environments:
        columns.setdefault(depth_of(entry["name"], frozenset()), []).append(entry)
    return [columns[level] for level in sorted(columns)]


@register.inclusion_tag("parts/flow_strip.html")
def flow_strip(environments: Sequence[Mapping[str, Any]], states: bool = True) -> dict[str, Any]:
    """The flow's graph in one line: stages in order, members of a stage in parallel."""
    return {"stages": stages(environments), "states": states}


def _zone(context: Mapping[str, Any]) -> ZoneInfo:
    """The person's time zone, which the browser keeps in the cookie `tz`; UTC until it has told."""
    request = context.get("request")
    name = request.COOKIES.get("tz", "") if request is not None else ""
    try:
        return ZoneInfo(name) if name else ZoneInfo("UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def parse_moment(moment: datetime | str | None) -> datetime | None:
    """A datetime from a row or from API JSON (RFC 3339)."""
    return datetime.fromisoformat(moment) if isinstance(moment, str) and moment else moment or None


def _exact(local: datetime) -> str:
    return f"{local.day} {local:%b %Y %H:%M:%S %Z}"


def day_text(local: datetime, now: datetime) -> str:
    """ "Today", or "2 Dec", with the year where it is another one."""
    if local.date() == now.date():
        return "Today"
    return f"{local.day} {local:%b}" + ("" if local.year == now.year else f" {local.year}")


@register.simple_tag(takes_context=True)
def when(context: Mapping[str, Any], moment: datetime | str | None) -> SafeString:
    """ "Today 14:02" or "2 Dec 17:22"; the exact time on hover."""
    at = parse_moment(moment)
    if at is None:
        return SafeString("")
    zone = _zone(context)
    local, now = at.astimezone(zone), timezone.now().astimezone(zone)
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}"><span class="dim">{}</span> {}</time>',
        at.isoformat(),
        _exact(local),
        day_text(local, now),
        f"{local:%H:%M}",
    )


@register.simple_tag(takes_context=True)
def clock(context: Mapping[str, Any], moment: datetime | str | None) -> SafeString:
    """ "14:02:11" today, with the day before it otherwise."""
    at = parse_moment(moment)
    if at is None:
        return SafeString("")
    zone = _zone(context)
    local, now = at.astimezone(zone), timezone.now().astimezone(zone)
    day = "" if local.date() == now.date() else f"{day_text(local, now)} "
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}">{}{}</time>',
        at.isoformat(),
        _exact(local),
        day,
        f"{local:%H:%M:%S}",
    )


def ago_text(at: datetime, now: datetime) -> str:
    """ "just now", "14 min ago", "4 h ago"; only for less than a day."""
    minutes = max(0, int((now - at).total_seconds() // 60))
    if minutes < 1:
        return "just now"
    return f"{minutes} min ago" if minutes < 60 else f"{minutes // 60} h ago"


@register.simple_tag(takes_context=True)
def ago(context: Mapping[str, Any], moment: datetime | str | None) -> SafeString:
    """Relative under a day (the browser keeps it true), else the day and time."""
    at = parse_moment(moment)
    if at is None:
        return SafeString("")
    now = timezone.now()
    if now - at >= _DAY:
        return when(context, at)
    return format_html(
        '<time class="nowrap" datetime="{}" title="{}" data-ago>{}</time>',
        at.isoformat(),
        _exact(at.astimezone(_zone(context))),
        ago_text(at, now),
    )


def duration_text(seconds: float) -> str:
    """ "21s", "2m 08s", "1h 05m", "3d 4h"."""
    total = max(0, int(seconds))
    if total < 60:
        return f"{total}s"
    if total < 3600:
        return f"{total // 60}m {total % 60:02d}s"
    if total < 86_400:
        return f"{total // 3600}h {total % 3600 // 60:02d}m"
    return f"{total // 86_400}d {total % 86_400 // 3600}h"


@register.simple_tag
def duration(start: datetime | str | None, end: datetime | str | None = None) -> SafeString:
    """How long it took; without an end it ticks in the browser."""
    began, ended = parse_moment(start), parse_moment(end)
    if began is None:
        return SafeString("")
    if ended is not None:
        return format_html('<span class="dur">{}</span>', duration_text((ended - began).total_seconds()))
    return format_html(
        '<span class="dur" data-since="{}">{}</span>',
        began.isoformat(),
        duration_text((timezone.now() - began).total_seconds()),
    )


@register.filter
def short_sha(sha: str) -> str:
    return sha[:7]


@register.filter
def first_line(text: str) -> str:
    return text.splitlines()[0] if text else ""


@register.filter
def repository_name(url: str) -> str:
    """ "platform/gitops" of any repository URL; the last two parts of a path."""
    trimmed = url.rstrip("/").removesuffix(".git").replace(":", "/")
    return "/".join([part for part in trimmed.split("/") if part][-2:])


def initials(name: str) -> str:
    """Two letters: "release-engineer" is RE, "Ada" is AD."""
    words = re.split(r"[^0-9A-Za-z]+", name.strip("@-_. "))
    letters = words[0][:1] + words[1][:1] if len(words) > 1 else "".join(words)[:2]
    return letters.upper() or "?"


@register.simple_tag
def avatar(name: str, css: str = "") -> SafeString:
    """Initials in a circle, in a square for what is no person (a name that ends in "bot")."""
    bot = " bot" if name.lower().endswith("bot") else ""
    return format_html('<span class="avatar {}{}" aria-hidden="true">{}</span>', css, bot, initials(name))


@register.filter
def plural(count: int, word: str) -> str:
    """`{{ 3|plural:"application" }}` is "3 applications"."""
    return f"{count} {word}" + ("" if count == 1 else "s")


@register.filter
def get(mapping: Mapping[str, Any] | None, key: str) -> Any:
    """A mapping's value by a variable key, None where it has none."""
    return mapping.get(key) if mapping else None


@register.filter
def sentence_list(names: Iterable[str]) -> str:
    """ "qa", "qa and prod", "qa, prod and prod-eu"."""
    words = list(names)
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " and " + words[-1] if words else ""


@register.filter
def named(entries: Sequence[Mapping[str, Any]], name: str) -> Mapping[str, Any] | None:
    """The entry of this name, None where there is none."""
    return next((entry for entry in entries if entry["name"] == name), None)


@register.filter
def image_tag(image: str) -> str:
    """The tag of an image ("main-45cefae"), the short digest where it has none."""
    if "@" in image:
        return image.rsplit("@", 1)[1].removeprefix("sha256:")[:12]
    last = image.rsplit("/", 1)[-1]
    return last.split(":", 1)[1] if ":" in last else last


@register.filter
def lines(text: str) -> list[str]:
    return text.splitlines()


@register.filter
def join_lines(values: Iterable[str]) -> str:
    return "\n".join(values)


_YAML_LINE = re.compile(
    r"(?P<indent>\s*(?:- )*)(?:(?P<key>[^\s#'\"][^:#]*?):(?P<value> .*|)|(?P<comment>#.*)|(?P<rest>.*))$"
)


@register.filter
def yaml_line(line: str) -> SafeString:
    """One line of YAML with key, value and comment told apart; for reading, so near enough is good enough."""
    match = _YAML_LINE.match(line)
    if match is None:
        return format_html("{}", line)
    part = match.groupdict()
    if part["comment"] is not None:
        return format_html('{}<span class="c">{}</span>', part["indent"], part["comment"])
    if part["key"] is None:
        return format_html('{}<span class="v">{}</span>', part["indent"], part["rest"])
    return format_html(
        '{}<span class="k">{}</span><span class="p">:</span><span class="v">{}</span>',
        part["indent"],
        part["key"],
        part["value"],
    )

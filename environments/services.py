"""Changes to places: environments, their order and claims, clusters. Never touches applications itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts.models import Role, User
from accounts.permissions import require_role
from environments.errors import Conflict, Invalid, NotFound
from environments.models import Cluster, Environment, EnvironmentKind, EnvironmentTarget, rfc1123
from environments.references import places_changed, references_to, rename_references
from environments.selectors import (
    IN_CLUSTER_NAME,
    IN_CLUSTER_SERVER,
    PlaceIndex,
    environment_get,
    server_normalise,
)
from feeds.services import BOARD, event_append

# `[{"cluster": name or server, "namespaces": [...]}]`; no namespaces means the whole cluster.
Targets = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class _Place:
    cluster_id: int
    cluster: str
    namespace: str

    def __str__(self) -> str:
        return (
            f"the namespace {self.namespace} of {self.cluster}"
            if self.namespace
            else f"all of {self.cluster}"
        )


def environment_create(
    *,
    user: User,
    name: str,
    kind: str = EnvironmentKind.NON_PROD,
    tags: Sequence[str] = (),
    targets: Targets = (),
) -> Environment:
    """A new environment at the right end of the board. Raises Invalid, Conflict, NotAllowed."""
    require_role(user, Role.PROMOTER, "add environments")
    places = _validate(name=name, kind=kind, tags=tags, targets=targets)
    with transaction.atomic():
        last = Environment.objects.aggregate(last=Max("position"))["last"]
        try:
            with transaction.atomic():
                environment = Environment.objects.create(
                    name=name, kind=kind, tags=list(tags), position=0 if last is None else last + 1
                )
        except IntegrityError as error:
            raise Conflict(f"There is an environment {name} already: choose another name.") from error
        _claim(environment, places)
        places_changed()
        _tell(environment.name, f"{user.username} added the environment {name}.", user)
    return environment_get(name)


def environment_update(
    *,
    user: User,
    name: str,
    new_name: str | None = None,
    kind: str | None = None,
    tags: Sequence[str] | None = None,
    targets: Targets | None = None,
) -> Environment:
    """Change what is given; a new name is rewritten in all that refers to it, in the same transaction."""
    require_role(user, Role.PROMOTER, "change environments")
    with transaction.atomic():
        environment = Environment.objects.select_for_update().filter(name=name).first()
        if environment is None:
            raise NotFound(f"There is no environment {name}.")
        places = _validate(
            name=new_name if new_name is not None else name,
            kind=kind if kind is not None else environment.kind,
            tags=tags if tags is not None else environment.tags,
            targets=targets or (),
        )
        environment.kind = kind if kind is not None else environment.kind
        environment.tags = list(tags) if tags is not None else environment.tags
        environment.name = new_name if new_name is not None else name
        try:
            with transaction.atomic():
                environment.save()
        except IntegrityError as error:
            raise Conflict(f"There is an environment {new_name} already: choose another name.") from error
        if environment.name != name:
            rename_references(name, environment.name, user.username)
        if targets is not None:
            environment.targets.all().delete()
            _claim(environment, places)
            places_changed()
        _tell(environment.name, f"{user.username} changed the environment {name}.", user)
    return environment_get(environment.name)


def environment_delete(*, user: User, name: str) -> None:
    """Remove an environment that nothing refers to; its applications stay, outside of any environment."""
    require_role(user, Role.ADMINISTRATOR, "delete environments")
    with transaction.atomic():
        environment = Environment.objects.select_for_update().filter(name=name).first()
        if environment is None:
            raise NotFound(f"There is no environment {name}.")
        used_by = references_to(name)
        if used_by:
            raise Conflict(
                f"The environment {name} is used by {', '.join(used_by)}: take it out of there first."
            )
        environment.delete()
        places_changed()
        _tell(name, f"{user.username} deleted the environment {name}.", user)


def environment_order(*, user: User, names: Sequence[str]) -> None:
    """Set the board's column order, the same for all. Every environment must be named once."""
    require_role(user, Role.PROMOTER, "reorder environments")
    with transaction.atomic():
        rows = {row.name: row for row in Environment.objects.select_for_update()}
        unknown = [name for name in names if name not in rows]
        absent = [name for name in rows if name not in set(names)]
        if unknown or len(set(names)) != len(names):
            wrong = unknown or [name for name in names if list(names).count(name) > 1]
            raise Invalid({"names": f"{wrong[0]} is unknown or named twice: name every environment once."})
        if absent:
            raise Conflict(f"The environment {absent[0]} was added meanwhile: load the board again.")
        moved = [rows[name] for position, name in enumerate(names) if rows[name].position != position]
        for position, name in enumerate(names):
            rows[name].position = position
        Environment.objects.bulk_update(moved, ["position"])
        if moved:
            _tell("", f"{user.username} reordered the environments.", user)


def cluster_ensure(text: str) -> Cluster:
    """The cluster that a destination's name or server means, created when it is new."""
    server = server_normalise(text)
    if text == IN_CLUSTER_NAME or server == IN_CLUSTER_SERVER:
        name, server_or_none = IN_CLUSTER_NAME, IN_CLUSTER_SERVER
    elif "://" in server:
        name, server_or_none = urlsplit(server).netloc[:100], server
    else:
        name, server_or_none = server[:100], None
    pk = PlaceIndex.load().cluster_id(text)
    if pk is not None:
        return Cluster.objects.get(pk=pk)
    if server_or_none is None:
        return Cluster.objects.get_or_create(name=name)[0]
    if Cluster.objects.filter(name=name).exclude(server=server_or_none).exists():
        name = server_or_none[:100]  # another cluster has the host's name: the server tells them apart
    return Cluster.objects.get_or_create(server=server_or_none, defaults={"name": name})[0]


def _validate(*, name: str, kind: str, tags: Sequence[str], targets: Targets) -> list[_Place]:
    """The places that the targets mean; Invalid names every field that is wrong."""
    problems: dict[str, str] = {}
    try:
        rfc1123(name)
        if len(name) > 63:
            problems["name"] = "The name is longer than 63 characters."
    except ValidationError as error:
        problems["name"] = f"{name!r} is no name: {error.messages[0]}"
    if kind not in EnvironmentKind.values:
        problems["kind"] = f"The kind is {kind!r}: write PROD or NON_PROD."
    if any(not isinstance(tag, str) or not tag.strip() or len(tag) > 63 for tag in tags):
        problems["tags"] = "Each tag is a text of 1 to 63 characters."
    places: list[_Place] = []
    try:
        places = _read_places(targets)
    except Invalid as error:
        problems |= error.problems
    if problems:
        raise Invalid(problems)
    return places


def _read_places(targets: Targets) -> list[_Place]:
    index = PlaceIndex.load()
    names = dict(Cluster.objects.values_list("pk", "name"))
    places: list[_Place] = []
    for target in targets:
        text, namespaces = target.get("cluster"), target.get("namespaces") or []
        pk = index.cluster_id(text) if isinstance(text, str) else None
        if pk is None:
            known = ", ".join(sorted(names.values())) or "none yet: an administrator adds the first"
            raise Invalid({"targets": f"There is no cluster {text!r}. Known clusters: {known}."})
        if not isinstance(namespaces, (list, tuple)):
            raise Invalid({"targets": f"The namespaces of {names[pk]} are no list."})
        for namespace in namespaces or [""]:
            try:
                if namespace != "" or namespaces:
                    rfc1123(namespace)
            except ValidationError as error:
                raise Invalid({"targets": f"{namespace!r} is no namespace: {error.messages[0]}"}) from error
            if len(namespace) > 63:
                raise Invalid({"targets": f"The namespace {namespace} is longer than 63 characters."})
            place = _Place(pk, names[pk], namespace)
            if place not in places:
                places.append(place)
    return places


def _claim(environment: Environment, places: Sequence[_Place]) -> None:
    """Write the claims; a place that another environment has is refused by the unique constraint, by name."""
    for place in places:
        try:
            with transaction.atomic():
                EnvironmentTarget.objects.create(
                    environment=environment, cluster_id=place.cluster_id, namespace=place.namespace
                )
        except IntegrityError as error:
            other = (
                EnvironmentTarget.objects.filter(cluster_id=place.cluster_id, namespace=place.namespace)
                .values_list("environment__name", flat=True)
                .first()
            )
            raise Conflict(
                f"The environment {other} already has {place}: give {environment.name} another place, "
                f"or take it away from {other} first."
            ) from error


def _tell(name: str, message: str, user: User) -> None:
    event_append(
        feeds=[BOARD], kind="environment.changed", subject=name, message=message, actor=user.username
    )

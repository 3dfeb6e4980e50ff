"""Reads of places: which cluster a text names, which environment owns a place. Never writes."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.db.models import Prefetch, QuerySet

from environments.errors import NotFound
from environments.models import Cluster, Environment, EnvironmentTarget, Runtime

# Argo CD calls the cluster that it runs in by this name, or by this server.
IN_CLUSTER_NAME = "in-cluster"
IN_CLUSTER_SERVER = "https://kubernetes.default.svc"


def server_normalise(text: str) -> str:
    """One spelling of a server URL: lower-case scheme and host, no trailing slash; other text unchanged."""
    parts = urlsplit(text.strip())
    if parts.scheme.lower() not in {"https", "http"} or not parts.netloc:
        return text.strip()
    return parts._replace(scheme=parts.scheme.lower(), netloc=parts.netloc.lower()).geturl().rstrip("/")


@dataclass(frozen=True)
class PlaceIndex:
    """Clusters by name and server, and the environments' claims, read once for many questions."""

    clusters: dict[str, int]  # name or server -> cluster id
    claims: dict[tuple[int, str], int]  # (cluster id, namespace or "") -> environment id
    names: dict[int, str]  # cluster id -> its name

    @classmethod
    def load(cls) -> PlaceIndex:
        clusters: dict[str, int] = {}
        names: dict[int, str] = {}
        for pk, name, server in Cluster.objects.values_list("pk", "name", "server"):
            clusters[name] = pk
            names[pk] = name
            if server:
                clusters[server_normalise(server)] = pk
        claims = {
            (cluster, namespace): environment
            for cluster, namespace, environment in EnvironmentTarget.objects.values_list(
                "cluster_id", "namespace", "environment_id"
            )
        }
        return cls(clusters, claims, names)

    def cluster_id(self, text: str) -> int | None:
        """The cluster that a destination's name or server means."""
        return self.clusters.get(text, self.clusters.get(server_normalise(text)))

    def cluster_name(self, text: str) -> str:
        """What people call the cluster that a destination's name or server means; the text if unknown."""
        pk = self.cluster_id(text)
        return text if pk is None else self.names[pk]

    def environment_id(self, cluster: str, namespace: str) -> int | None:
        """The environment that owns a destination: a claim on the namespace, else one on the cluster."""
        pk = self.cluster_id(cluster)
        if pk is None:
            return None
        return self.claims.get((pk, namespace), self.claims.get((pk, "")))


def environments_list() -> QuerySet[Environment]:
    """All environments in the dashboard's order, with targets and their clusters: three queries."""
    targets = EnvironmentTarget.objects.select_related("cluster")
    return Environment.objects.prefetch_related(Prefetch("targets", queryset=targets))


def environment_get(name: str) -> Environment:
    """The environment with its targets; NotFound."""
    environment = environments_list().filter(name=name).first()
    if environment is None:
        raise NotFound(f"There is no environment {name}.")
    return environment


def environment_targets(environment: Environment) -> list[dict[str, object]]:
    """`[{"cluster": name, "namespaces": [...]}]`; no namespaces stands for the whole cluster."""
    grouped: dict[str, list[str]] = {}
    for target in environment.targets.all():
        namespaces = grouped.setdefault(target.cluster.name, [])
        if target.namespace:
            namespaces.append(target.namespace)
    return [{"cluster": cluster, "namespaces": namespaces} for cluster, namespaces in grouped.items()]


def clusters_list() -> QuerySet[Cluster]:
    return Cluster.objects.order_by("name")


def runtimes_list() -> QuerySet[Runtime]:
    return Runtime.objects.order_by("name")

// Releases for tests: dev -> qa -> (prod, prod-eu), with only what a test changes spelled out.
import type { Application, Environment, Release, Step } from "./release";

export const step = (fields: Partial<Step> = {}): Step => ({
  id: 1,
  kind: "commit",
  title: "Commit",
  status: "PENDING",
  reason: "",
  message: "",
  attempt: 0,
  startedAt: null,
  finishedAt: null,
  outputs: {},
  ...fields,
});

export const application = (name: string, fields: Partial<Application> = {}): Application => ({
  identity: `in-cluster/argocd/${name}`,
  runtime: "in-cluster",
  namespace: "argocd",
  name,
  destination: "in-cluster / demo",
  health: "",
  sync: "",
  commit: "",
  versionBefore: "1.0.0",
  versionAfter: "",
  noChanges: false,
  diff: [],
  resources: [],
  steps: [step(), step({ id: 2, kind: "await_sync", title: "Synced and Healthy" })],
  ...fields,
});

export const environment = (name: string, fields: Partial<Environment> = {}): Environment => ({
  name,
  kind: "NON_PROD",
  role: "TARGET",
  status: "PENDING",
  reason: "",
  message: "",
  dependsOn: [],
  policy: {},
  startedAt: null,
  finishedAt: null,
  applications: [application(`demo-${name}`)],
  ...fields,
});

export const release = (environments: Environment[], fields: Partial<Release> = {}): Release => ({
  id: "r1",
  number: 1,
  url: "/products/demo/releases/1/",
  product: "demo",
  flow: "all-regions",
  status: "RUNNING",
  reason: "",
  message: "",
  version: "1.1.0",
  startedAt: null,
  finishedAt: null,
  source: { revision: "46b4afe0000000000000000000000000000000ff", commit: "46b4afe0000000000000000000000000000000ff" },
  eventNumber: 1,
  actions: { terminate: true, retry: false },
  environments,
  ...fields,
});

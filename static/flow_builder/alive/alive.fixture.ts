// What the API answers about a product, as the tests of the canvas need it.
import type { Application, Preview, PreviewEnvironment } from "../../shared/records";

export const applicationOf = (environment: string, version: string | null): Application => ({
  runtime: "local", namespace: "argocd", name: `trio-${environment}`, environment, product: "trio", version, syncStatus: "Synced",
  healthStatus: "Healthy", revision: null, revisionShort: null, commit: null, commitMessage: null, commitAt: null, missingSince: null,
  cluster: "in-cluster", destinationNamespace: environment,
});

export const environmentOf = (name: string, facts: Partial<PreviewEnvironment> = {}): PreviewEnvironment => ({
  name, kind: "NON_PROD", role: "TARGET", wave: 1, application: `trio-${name}`, behind: null, versionFrom: "1.0", versionTo: "2.0", downgrade: false,
  policy: { action: { value: "commit", origin: { kind: "flow" } }, preAction: null, postAction: null }, template: null, files: [], problems: [],
  ...facts,
});

export const previewOf = (environments: Record<string, Partial<PreviewEnvironment>>): Preview => ({
  planDigest: "d", problems: [], waves: [Object.keys(environments)],
  source: { application: "local/argocd/trio-dev", environment: "dev", revision: "a", commit: "a", version: "2.0", message: null, author: null, date: null },
  environments: Object.entries(environments).map(([name, facts]) => environmentOf(name, facts)),
});

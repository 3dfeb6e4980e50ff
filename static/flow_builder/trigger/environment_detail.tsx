// What one environment would get: its settings with who decided them, and the exact change of every file.
import type { JSX, ReactNode } from "react";
import { Icon } from "../../shared/icon";
import { KindWord, Place } from "../../shared/place";
import type { Origin, PreviewEnvironment, Setting } from "../../shared/records";
import { actionWord, ACTIONS } from "../chart/policy_words";
import { ErrorNote } from "../saving/save_as_dialog";
import { FileChange } from "./file_change";

const TEMPLATE_ORIGINS = { product: "from the product", inline: "written in the product", selector: "by its labels", none: "" };

export function EnvironmentDetail({ environment }: { environment: PreviewEnvironment }): JSX.Element {
  const { name, kind, application, versionFrom, versionTo, policy, template, files, problems } = environment;
  const actionIcon = ACTIONS.find((one) => one.value === policy.action.value)?.icon ?? "none";
  return (
    <>
      <div className="row">
        <Place kind={kind} />
        <h3>{name}</h3>
        <KindWord kind={kind} />
        <span className="push xs dim row tight">
          <Icon name={application === null ? "hl-missing" : "products"} className="i-14" />
          {application ?? "No application"}
          {versionFrom !== null && <span className="ver faint">{versionFrom}</span>}
          {versionFrom !== null && versionTo !== null && <Icon name="arrow-r" className="i-12" />}
          {versionTo !== null && <span className="ver">{versionTo}</span>}
        </span>
      </div>
      {problems.map((one) => <ErrorNote key={one.message} text={one.message} />)}
      <table className="pol">
        <thead>
          <tr>
            <th>Setting</th>
            <th>Value</th>
            <th>Comes from</th>
          </tr>
        </thead>
        <tbody>
          <SettingRow name="Action" icon={actionIcon} setting={policy.action} value={actionWord(policy.action.value)} />
          <SettingRow name="Pre-action" icon="pre" setting={policy.preAction} />
          <SettingRow name="Post-action" icon="post" setting={policy.postAction} />
          <tr>
            <td>Promoted values</td>
            <td><Cell icon="templates">{files.length === 1 ? "1 file" : `${files.length} files`}</Cell></td>
            <td>
              {template && template.name !== "" ? (
                <Cell icon="templates">
                  {template.name}
                  <span className="faint">{TEMPLATE_ORIGINS[template.origin]}</span>
                </Cell>
              ) : (
                <span className="faint">No template: every file of the source</span>
              )}
            </td>
          </tr>
        </tbody>
      </table>
      {files.length === 0 && problems.length === 0 && (
        <p className="note">
          <Icon name="st-nochange" />
          <span>{name} has these values already. The release checks that it is Synced and Healthy.</span>
        </p>
      )}
      <div className="changes">{files.map((file) => <FileChange key={file.path} file={file} />)}</div>
    </>
  );
}

const Cell = ({ icon, children }: { icon: string; children: ReactNode }): JSX.Element => (
  <span className="row">
    <Icon name={icon} />
    {children}
  </span>
);

function SettingRow(props: { name: string; icon: string; setting: Setting | null; value?: string }): JSX.Element {
  const { name, icon, setting, value } = props;
  if (!setting) {
    return (
      <tr>
        <td>{name}</td>
        <td><span className="faint">None</span></td>
        <td><span className="faint">Nothing sets it</span></td>
      </tr>
    );
  }
  return (
    <tr>
      <td>{name}</td>
      <td>
        <Cell icon={icon}>{value ?? <span className="mono">{setting.value}</span>}</Cell>
      </td>
      <td><OriginCell origin={setting.origin} /></td>
    </tr>
  );
}

function OriginCell({ origin }: { origin: Origin }): JSX.Element {
  if (origin.kind === "flow") {
    return (
      <Cell icon="flows">
        This flow
        {origin.line !== undefined && <span className="faint">{`line ${origin.line}`}</span>}
      </Cell>
    );
  }
  if (origin.kind === "policy") {
    const lost = origin.wins && origin.wins.length > 0 ? `, wins over ${origin.wins.join(", ")}` : "";
    return (
      <Cell icon="policies">
        {origin.name}
        <span className="faint">{`priority ${origin.priority ?? "unknown"}${lost}`}</span>
      </Cell>
    );
  }
  return <span className="faint">{origin.kind === "default" ? "Default" : origin.name}</span>;
}

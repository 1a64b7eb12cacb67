//! Clouds: AWS, Google Cloud, Azure and the smaller ones.

use super::*;
use crate::effects::ServiceClass as C;
use crate::effects::WriteHow;

mod amazon;
mod google;
mod azure;
mod hosts;
mod storage;

pub(super) const TOOLS: &[Tool] =
    &[amazon::AWS, google::GCLOUD, azure::AZ, storage::GSUTIL, google::BQ, hosts::HOSTS];

/// Options that say on what.
const SCOPE: &[&str] = &[
    "--profile",
    "--bucket",
    "--key",
    "--stack-name",
    "--function-name",
    "--db-instance-identifier",
    "--db-cluster-identifier",
    "--cluster",
    "--cluster-name",
    "--service",
    "--instance-ids",
    "--table-name",
    "--queue-url",
    "--topic-arn",
    "--secret-id",
    "--name",
    "--names",
    "--role-name",
    "--user-name",
    "--policy-arn",
    "--group-id",
    "--repository-name",
    "--project",
    "--zone",
    "--region",
    "--resource-group",
    "-g",
    "-n",
    "--subscription",
    "--vault-name",
    "--app",
    "-a",
    "--account",
    "--instance",
    "--database",
    "--hosted-zone-id",
    "--volume-id",
    "--snapshot-id",
    "--log-group-name",
    "--trail-name",
    "--member",
    "--role",
    "--env",
    "--environment",
    "--scope",
    "--assignee",
    "--config",
    "-c",
];

const WIDE: Options = Options {
    greedy: true,
    switches: &[&[
        "quiet",
        "force",
        "yes",
        "recursive",
        "async",
        "verbose",
        "help",
        "version",
        "all",
        "dry-run",
        "no-wait",
        "delete",
        "allow-unauthenticated",
        "only-show-errors",
        "debug",
        "validate-only",
        "delete-disks",
        "preview",
        "project-only",
        "no-promote",
        "promote",
        "public",
        "access-token",
        "global",
        "local",
        "brief",
        "watch",
    ]],
    short: "gnao",
    dry: &["--dry-run", "--dryrun", "--what-if", "--validate-only", "--preview"],
    scope: SCOPE,
    ..PLAIN
};

//! Amazon.

use super::*;

pub(super) const AWS: Tool = Tool {
    names: &["aws", "awslocal", "aws2"],
    service: "aws",
    options: Options {
        greedy: true,
        switches: &[&[
            "recursive",
            "force",
            "delete",
            "dryrun",
            "dry-run",
            "no-paginate",
            "debug",
            "quiet",
            "with-decryption",
            "exact-timestamps",
            "size-only",
            "human-readable",
            "summarize",
            "follow",
            "skip-final-snapshot",
            "force-delete-without-recovery",
            "no-sign-request",
            "no-verify-ssl",
            "generate-cli-skeleton",
            "overwrite",
            "publish",
            "version",
            "help",
            "enabled",
            "resolve-s3",
            "guided",
            "details",
            "decrypt",
            "list",
            "all",
            "no-fail-on-empty-changeset",
            "only-show-errors",
            "no-progress",
            "multi-az",
            "publicly-accessible",
        ]],
        dry: &["--dry-run", "--dryrun", "--generate-cli-skeleton", "--no-execute-changeset"],
        scope: SCOPE,
        login: &["--profile", "--region", "--token-code"],
        ..PLAIN
    },
    reach,
    rows: &[
        (
            "s3 ls; s3api list-*|get-bucket*|head-*; configure list|list-profiles; sts get-caller-identity; sso login|logout; login; logout; configure get region|output; history",
            READ,
        ),
        ("configure get; configure export-credentials", Does::Shows),
        ("configure; configure set|import|sso|add-model", Does::Looks),
        (
            "secretsmanager get-secret-value|batch-get-secret-value; ssm get-parameter|get-parameters|get-parameters-by-path --with-decryption; kms decrypt; \
          sts get-session-token|assume-role|assume-role-with-*|get-federation-token; ecr get-login-password|get-authorization-token|get-login; iam get-credential-report; \
          eks get-token; rds generate-db-auth-token; codeartifact get-authorization-token; cognito-idp initiate-auth|admin-initiate-auth; iam create-access-key; \
          ec2 get-password-data; lightsail download-default-key-pair; redshift get-cluster-credentials; apigateway get-api-keys --include-values; sso get-role-credentials",
            Does::Special(shows),
        ),
        ("s3 cp|mv|sync", Does::Special(storage::copy)),
        ("s3 rm --recursive; s3 rb; s3api delete-bucket|delete-objects", DESTROY),
        ("s3 rm; s3api delete-object", DELETE),
        (
            "s3 presign; s3api put-bucket-acl|put-bucket-policy|put-object-acl|delete-public-access-block|put-public-access-block; s3 website",
            GRANT,
        ),
        (
            "cloudtrail delete-trail|stop-logging; guardduty delete-detector|update-detector; config* stop-configuration-recorder|delete-configuration-recorder; \
          ec2 delete-flow-logs; securityhub disable-security-hub; kms disable-key|schedule-key-deletion; iam deactivate-mfa-device|delete-account-password-policy; \
          wafv2 disassociate-web-acl; rds modify-db-instance --no-deletion-protection",
            Does::Weakens("a protection or an audit log of the cloud"),
        ),
        (
            "iam attach-*|put-*-policy|add-*|create-login-profile|update-assume-role-policy|create-user|create-role|create-policy*|update-login-profile|set-default-policy-version|create-instance-profile|pass-role; \
          ec2 authorize-security-group-*|modify-snapshot-attribute|modify-image-attribute|create-key-pair|import-key-pair; lambda add-permission|create-function-url-config; kms create-grant|put-key-policy; \
          rds modify-db-snapshot-attribute; secretsmanager put-resource-policy; organizations *; sso-admin *; ecr set-repository-policy; sns add-permission; sqs add-permission; ram *",
            GRANT,
        ),
        (
            "ec2 terminate-instances; logs delete-log-group; rds delete-db-*; dynamodb delete-table; cloudformation delete-stack; ec2 delete-volume|delete-snapshot; ecr batch-delete-image|delete-repository; \
          eks delete-cluster; ecs delete-cluster|delete-service; route53 delete-hosted-zone; secretsmanager delete-secret; elasticache delete-*; redshift delete-*; efs delete-*; \
          kinesis delete-*; sqs purge-queue|delete-queue; cognito-idp delete-user-pool; backup delete-*; glacier delete-*; docdb delete-*; es|opensearch delete-*; kms delete-*; * purge-*; * terminate-*; dynamodb batch-write-item",
            DESTROY,
        ),
        (
            "* delete-*|remove-*|deregister-*|release-*|revoke-*|cancel-*|detach-*|disassociate-*|untag-*|stop-*",
            DELETE,
        ),
        (
            "* describe-*|list-*|get-*|head-*|search-*|lookup-*|scan|query|filter-*|tail|wait|validate-*|estimate-*|batch-get-*|preview-*|simulate-*|detect-*|check-*|select-*|view-*|test-*|start-query|start-query-execution|help; logs tail; * wait; cloudformation validate-template; cloudformation package",
            READ,
        ),
        (
            "lambda invoke|invoke-async; ssm send-command|start-session|start-automation-execution; ecs execute-command|run-task; batch submit-job; stepfunctions start-execution; codebuild start-build; glue start-*; emr add-steps; ec2-instance-connect *; events put-events",
            Does::Special(runs),
        ),
        (
            "lambda update-function-code|publish-*|update-alias; cloudformation deploy|create-stack|update-stack|execute-change-set; ecs update-service; deploy push|create-deployment; elasticbeanstalk *; \
          amplify start-*|create-deployment; apprunner start-deployment; apigateway create-deployment; eks update-*; codepipeline start-*",
            DEPLOY,
        ),
        ("ses send-*; sesv2 send-*; sns publish; pinpoint send-*; chime *; connect start-*", MESSAGE),
        (
            "route53domains register-domain|transfer-domain; ec2 purchase-*; savingsplans create-*; rds purchase-*; marketplace* *",
            PAY,
        ),
        (
            "* create-*|run-instances|allocate-*|request-*|register-*|import-*|copy-*|start-*|tag-*; s3 mb",
            CREATE,
        ),
    ],
    otherwise: CHANGE,
};

fn reach(given: &Given<'_>, shell: &Shell<'_>) -> ServiceReach {
    let near = given.call.name == "awslocal"
        || given.parsed.value(&["--endpoint-url"]).is_some_and(|url| Remote::read(&url.shown()).local);
    if near { ServiceReach::Local } else { by_names(given, shell) }
}

/// The secret is what an option names.
fn shows(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    if given.words.iter().any(|word| word == "create-access-key") {
        given.add(C::Grant, by_names(given, shell), given.scope(), shell);
    } else {
        given.add(C::Read, by_names(given, shell), given.scope(), shell);
    }
    let on = given.scope();
    let what = if on.is_empty() {
        format!("the secret that `{}` prints", given.shown())
    } else {
        format!("the secret `{on}` of `aws`")
    };
    Value::output("aws", [Source::Secret(what)])
}

/// Commands on machines of the cloud.
fn runs(given: &Given<'_>, shell: &mut Shell<'_>) -> Value {
    let command = given.parsed.value(&["--command", "--parameters"]).map(Arg::shown);
    let on_machine = matches!(
        given.words.get(1).map(String::as_str),
        Some("send-command" | "start-session" | "execute-command")
    );
    if on_machine {
        let place = Elsewhere::Cluster(format!("aws {}", given.scope()).trim().to_owned());
        shell.add(EffectKind::RunElsewhere { place, command }, given.call.span);
        return printed(given.call);
    }
    if given.words.get(1).map(String::as_str) == Some("invoke")
        && let Some(out) = given.rest().last().cloned()
    {
        shell.write(&out, WriteHow::Replace, None);
    }
    given.service(C::Run, reach(given, shell), shell)
}

//! Queues and stores that clusters depend on: Kafka, RabbitMQ, etcd, NATS.

use super::*;

pub(in super::super) const TOOLS: &[Tool] = &[KAFKA, RABBIT, ETCD];

const KAFKA: Tool = Tool {
    names: &[
        "kafka-topics",
        "kafka-topics.sh",
        "kafka-console-producer",
        "kafka-console-producer.sh",
        "kafka-console-consumer",
        "kafka-console-consumer.sh",
        "kafka-consumer-groups",
        "kafka-consumer-groups.sh",
        "kafka-configs",
        "kafka-configs.sh",
        "kafka-acls",
        "kafka-acls.sh",
        "kafka-delete-records",
        "kafka-delete-records.sh",
        "kcat",
        "kafkacat",
        "rpk",
    ],
    service: "kafka",
    options: Options {
        greedy: true,
        switches: &[&[
            "delete",
            "list",
            "describe",
            "create",
            "alter",
            "from-beginning",
            "add",
            "remove",
            "execute",
            "reset-offsets",
            "dry-run",
            "force",
            "if-exists",
            "if-not-exists",
            "all-groups",
            "all-topics",
            "to-earliest",
            "to-latest",
        ]],
        short: "btPCGo",
        scope: &["--topic", "--group", "--bootstrap-server", "-b", "-t"],
        ..PLAIN
    },
    reach: bootstrap,
    rows: &[
        (
            "--list; --describe; --from-beginning; -L; -C; cluster info; topic list|describe|consume; group list|describe",
            READ,
        ),
        ("--delete; topic delete; group delete", DESTROY),
        ("--reset-offsets --execute; --alter", CHANGE),
        ("--add; acl create; --remove", CHANGE),
        ("--create; topic create", CREATE),
        ("--reset-offsets; --max-messages", READ),
    ],
    otherwise: CHANGE,
};

const RABBIT: Tool = Tool {
    names: &["rabbitmqctl", "rabbitmqadmin", "rabbitmq-plugins", "nats", "pulsar-admin"],
    service: "queue",
    options: Options {
        short: "npVHPus",
        long: &["node", "vhost", "host", "port", "username", "password", "server", "context"],
        scope: &["-n", "--node", "-p", "--vhost", "-H", "--host", "-s", "--server"],
        ..PLAIN
    },
    reach: bootstrap,
    rows: &[
        (
            "list*; status; ping; cluster_status; environment; report; show; get; * list|ls|info|report|get; server check|ping|info; sub; help",
            READ,
        ),
        (
            "delete_queue|purge_queue|delete_vhost|reset|force_reset|delete; purge; * rm|purge|delete|del",
            DESTROY,
        ),
        ("add_user|set_permissions|set_user_tags|change_password|authenticate_user|clear_permissions", GRANT),
    ],
    otherwise: CHANGE,
};

const ETCD: Tool = Tool {
    names: &["etcdctl", "zkCli.sh", "zkcli", "zookeeper-shell"],
    service: "etcd",
    options: Options {
        long: &[
            "endpoints",
            "cacert",
            "cert",
            "key",
            "user",
            "command-timeout",
            "dial-timeout",
            "server",
            "write-out",
        ],
        short: "w",
        scope: &["--endpoints"],
        ..PLAIN
    },
    reach: bootstrap,
    rows: &[
        (
            "get|ls|watch|version|endpoint|status|check; member list; alarm list; user list|get; role list|get; snapshot status|save; stat",
            READ,
        ),
        ("del|rm --prefix; del|rm --from-key; deleteall|rmr; snapshot restore; defrag", DESTROY),
        ("del|delete|rm; member remove", DELETE),
        ("user; role; auth; setAcl", GRANT),
    ],
    otherwise: CHANGE,
};

fn bootstrap(given: &Given<'_>, _: &Shell<'_>) -> ServiceReach {
    let host = given
        .parsed
        .value(&[
            "--bootstrap-server",
            "--bootstrap-servers",
            "--broker-list",
            "--brokers",
            "-b",
            "-H",
            "--host",
            "-s",
            "--server",
            "--endpoints",
            "-n",
            "--node",
        ])
        .map(Arg::shown)
        .unwrap_or_default();
    let host = host.split("://").last().unwrap_or_default().split(',').next().unwrap_or_default().to_owned();
    let host = host.rsplit('@').next().unwrap_or_default().to_owned();
    reach_of(Some(&host), "")
}

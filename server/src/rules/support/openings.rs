//! What a file that describes containers gives them of the machine they run on: the same walls as those
//! of `docker run`.

use crate::effects::{Content, EffectKind, MIGHTY_CAPABILITIES};
use crate::rules::Context;
use crate::world::{Place, Role, Scope};

/// Folders of the machine that nobody gives away for one container.
const WHOLE: [&str; 8] = ["/", "~", "/home", "/root", "/etc", "/proc", "/Users", "/var/lib/kubelet"];
/// As above, where they may be changed.
const WHOLE_WRITABLE: [&str; 9] =
    ["/usr", "/var", "/boot", "/dev", "/sys", "/run", "/var/run", "/var/lib/docker", "/opt"];

/// What kind of containers a file describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Compose,
    Cluster,
    Infrastructure,
    Image,
}

/// What a change to a file opens that was closed before, in words: `privileged: true`.
pub(in crate::rules) fn added_by(context: &Context<'_>, kind: &EffectKind) -> Vec<String> {
    let EffectKind::Write { place, content: Some(content), .. } = kind else { return Vec::new() };
    added(context, place, content)
}

fn added(context: &Context<'_>, place: &Place, content: &Content) -> Vec<String> {
    if matches!(place.scope, Scope::Sink | Scope::Temp) || !may_describe(place) {
        return Vec::new();
    }
    let before = context.world.text(&place.path);
    let before = before.known().unwrap_or_default();
    // With the text around it, what an edit puts in is read for what it is.
    let whole = match content.old.as_deref() {
        Some(old) if !old.is_empty() && before.contains(old) => before.replacen(old, &content.new, 1),
        _ => content.new.clone(),
    };
    let Some(kind) = kind_of(place, &whole).or_else(|| kind_of(place, before)) else { return Vec::new() };
    let mut stood = openings(context, kind, content.old.as_deref().unwrap_or(before));
    stood.extend(openings(context, kind, before));
    let mut found = openings(context, kind, &whole);
    found.retain(|opening| !stood.contains(opening));
    found.dedup();
    found
}

/// Files of this name may describe containers.
fn may_describe(place: &Place) -> bool {
    const ENDINGS: [&str; 8] = [".yml", ".yaml", ".json", ".tf", ".hcl", ".nomad", ".tpl", ".dockerfile"];
    let name = place.name().to_ascii_lowercase();
    ENDINGS.iter().any(|ending| name.ends_with(ending))
        || name.starts_with("dockerfile")
        || name.starts_with("containerfile")
}

fn kind_of(place: &Place, text: &str) -> Option<Kind> {
    let name = place.name().to_ascii_lowercase();
    let extension = name.rsplit('.').next().unwrap_or_default();
    let yaml = matches!(extension, "yml" | "yaml");
    let has = |key: &str| text.lines().any(|line| line.trim_start_matches(['-', ' ', '"']).starts_with(key));
    if name.starts_with("dockerfile") || name.starts_with("containerfile") || extension == "dockerfile" {
        Some(Kind::Image)
    } else if matches!(extension, "tf" | "hcl" | "nomad") || text.contains("containerDefinitions") {
        Some(Kind::Infrastructure)
    } else if !yaml && extension != "json" && extension != "tpl" {
        None
    } else if yaml && (name.contains("compose") || (has("services:") && (has("image:") || has("build:")))) {
        Some(Kind::Compose)
    } else if (has("apiVersion") && has("kind")) || (yaml && name.starts_with("values")) {
        Some(Kind::Cluster)
    } else {
        None
    }
}

/// All openings in a text, in its order.
fn openings(context: &Context<'_>, kind: Kind, text: &str) -> Vec<String> {
    let mut out = Vec::new();
    // The key of the list that a line belongs to, with its depth.
    let mut under = (0_usize, String::new());
    let binds_admin = text.contains("RoleBinding");
    for line in text.lines() {
        let line = without_comment(line);
        let depth = line.len() - line.trim_start_matches([' ', '\t']).len();
        let bare = line.trim();
        if bare.is_empty() {
            continue;
        }
        let item =
            bare.strip_prefix("- ").or_else(|| bare.strip_prefix('"').filter(|_| bare.ends_with([',', '"'])));
        let pairs = pairs(bare);
        for (key, value) in &pairs {
            let said = || format!("{key}: {value}");
            match (kind, key.as_str()) {
                (Kind::Image, _) => {}
                (_, "privileged") if is_on(value) => out.push(said()),
                (Kind::Compose, "pid" | "userns_mode") | (Kind::Cluster, "hostpid" | "hostipc")
                    if value == "host" || (kind == Kind::Cluster && is_on(value)) =>
                {
                    out.push(said());
                }
                (Kind::Infrastructure, "pid_mode" | "host_pid" | "pidmode")
                    if value == "host" || is_on(value) =>
                {
                    out.push(said());
                }
                (_, "cap_add" | "add" | "capabilities") => {
                    out.extend(mighty(value).map(|name| format!("capability {name}")));
                }
                (_, "security_opt") if loosens(value) => out.push(said()),
                (Kind::Cluster, "type") if value == "Unconfined" => out.push(said()),
                (Kind::Cluster, "name") if binds_admin && value == "cluster-admin" => {
                    out.push("rights: cluster-admin".to_owned());
                }
                (Kind::Compose, "source") | (Kind::Infrastructure, "host_path" | "sourcepath") => {
                    out.extend(mount(context, value, false));
                }
                (Kind::Cluster, "path")
                    if under.1 == "hostpath" || bare.to_ascii_lowercase().contains("hostpath") =>
                {
                    out.extend(mount(context, value, false));
                }
                (Kind::Compose, "volumes") if value.starts_with('[') => {
                    for volume in value.trim_matches(['[', ']']).split(',') {
                        out.extend(volume_of(context, volume));
                    }
                }
                _ => {}
            }
        }
        if kind == Kind::Image && bare.contains("--security=insecure") {
            out.push("--security=insecure".to_owned());
        }
        if let Some(item) = item.filter(|_| depth >= under.0) {
            let item = plain(item);
            match (kind, under.1.as_str()) {
                (_, "cap_add" | "add") => out.extend(mighty(item).map(|name| format!("capability {name}"))),
                (_, "security_opt") if loosens(item) => out.push(format!("security_opt: {item}")),
                (Kind::Compose, "volumes") if !item.contains(": ") => out.extend(volume_of(context, item)),
                _ => {}
            }
        }
        if let Some((key, value)) = pairs.last()
            && value.is_empty()
        {
            under = (depth, key.clone());
        } else if depth <= under.0 && item.is_none() {
            under = (depth, String::new());
        }
    }
    out
}

/// Keys with their values, as they stand on a line: one, or those of `{a: b, c: d}`.
fn pairs(line: &str) -> Vec<(String, String)> {
    let line = line.trim_start_matches("- ").trim_start_matches('{').trim();
    let mut out = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find([':', '=']) {
        let (before, after) = rest.split_at(at);
        let after = after.get(1..).unwrap_or_default();
        let key =
            plain(before.rsplit(['{', ',', ' ']).find(|part| !part.trim().is_empty()).unwrap_or_default());
        let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        if key.is_empty()
            || !key.chars().all(name)
            || !(after.is_empty() || after.starts_with([' ', '"', '[', '{']))
        {
            break;
        }
        let value = after.trim_start();
        let end = if value.starts_with('[') {
            value.find(']').map_or(value.len(), |end| end + 1)
        } else if value.starts_with('{') {
            0
        } else {
            value.find([',', '}']).unwrap_or(value.len())
        };
        let shown = plain(value.get(..end).unwrap_or_default()).to_owned();
        out.push((key.to_ascii_lowercase(), shown));
        rest = value.get(end..).unwrap_or_default().trim_start_matches([',', '}', '{', ' ']);
    }
    out
}

/// A scalar without its quotes.
fn plain(text: &str) -> &str {
    text.trim().trim_end_matches(',').trim_matches(['"', '\'']).trim()
}

fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with("//") {
        return "";
    }
    match line.find(" #") {
        Some(at) => line.get(..at).unwrap_or(line),
        None if line.trim_start().starts_with('#') => "",
        None => line,
    }
}

fn is_on(value: &str) -> bool {
    let lower = value.to_ascii_lowercase();
    !matches!(lower.as_str(), "" | "false" | "no" | "off" | "0" | "null" | "~") && !lower.contains("false")
}

fn mighty(list: &str) -> impl Iterator<Item = String> + '_ {
    list.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .map(|name| name.to_ascii_uppercase())
        .map(|name| name.trim_start_matches("CAP_").to_owned())
        .filter(|name| MIGHTY_CAPABILITIES.contains(&name.as_str()))
}

fn loosens(option: &str) -> bool {
    ["unconfined", "label:disable", "label=disable", "no-new-privileges:false", "no-new-privileges=false"]
        .iter()
        .any(|word| option.contains(word))
}

/// `FROM:TO[:ro]` of compose.
fn volume_of(context: &Context<'_>, volume: &str) -> Option<String> {
    let volume = plain(volume);
    // The colon in `${HOME:-/root}` divides nothing.
    let from_end = match volume.strip_prefix("${").and_then(|rest| rest.find('}')) {
        Some(end) => volume.get(end + 3..)?.find(':').map(|at| at + end + 3)?,
        None => volume.find(':')?,
    };
    let (from, to) = volume.split_at(from_end);
    let read_only =
        to.rsplit(':').next().is_some_and(|options| options.split(',').any(|option| option == "ro"));
    mount(context, from, read_only)
}

/// What is given away by this folder or socket of the machine, if anything is.
fn mount(context: &Context<'_>, from: &str, read_only: bool) -> Option<String> {
    let from = plain(from);
    let home = ["${HOME}", "$HOME", "${HOME:-~}", "${USERPROFILE}"];
    let from = home
        .iter()
        .find_map(|home| from.strip_prefix(home))
        .map_or(from.to_owned(), |rest| format!("~{rest}"));
    let bare = match from.trim_end_matches('/') {
        "" if from.starts_with('/') => "/",
        bare => bare,
    };
    let socket = ["docker.sock", "podman.sock", "containerd.sock", "crio.sock"];
    if socket.iter().any(|socket| bare.ends_with(socket)) {
        return Some(format!("the daemon's socket {bare}"));
    }
    if WHOLE.contains(&bare) || (!read_only && WHOLE_WRITABLE.contains(&bare)) {
        return Some(format!("all of {bare}"));
    }
    if !bare.starts_with(['/', '~']) {
        return None;
    }
    let path = match bare.strip_prefix('~') {
        Some(rest) => format!("{}{rest}", context.world.home().to_string_lossy()),
        None => bare.to_owned(),
    };
    let place = context.world.place(context.world.cwd(), &path);
    let disk = ["/dev/sd", "/dev/nvme", "/dev/vd", "/dev/mem", "/dev/kmem", "/dev/dm-", "/dev/mapper"];
    if disk.iter().any(|start| bare.starts_with(start)) {
        return Some(format!("the disk {bare}"));
    }
    let secret = matches!(place.role, Role::Secret(_)) && place.scope != Scope::Workspace;
    secret.then(|| format!("the secrets in {bare}"))
}

#[cfg(test)]
mod tests {
    use super::pairs;

    #[test]
    fn a_line_holds_one_pair_or_several() {
        let found = |line: &str| {
            pairs(line).into_iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found("privileged: true"), "privileged=true");
        assert_eq!(found("- name: x"), "name=x");
        assert_eq!(found("web: {image: a, privileged: true}"), "web= image=a privileged=true");
        assert_eq!(found("\"privileged\": true,"), "privileged=true");
        assert_eq!(found("privileged = true"), "privileged=true");
        assert_eq!(found("cap_add: [\"SYS_ADMIN\", NET_RAW]"), "cap_add=[\"SYS_ADMIN\", NET_RAW]");
        assert_eq!(found("volumes:"), "volumes=");
        assert_eq!(found("- /a:/b"), "");
        assert_eq!(found("image: a:1"), "image=a:1");
    }
}

//! Names of much-used packages, to tell a slip of the finger from a name.

/// Much-used packages of the Python registry.
const PYTHON: &[&str] = &[
    "requests",
    "numpy",
    "pandas",
    "scipy",
    "matplotlib",
    "django",
    "flask",
    "fastapi",
    "sqlalchemy",
    "pytest",
    "boto3",
    "botocore",
    "urllib3",
    "setuptools",
    "pydantic",
    "tensorflow",
    "pytorch",
    "torch",
    "torchvision",
    "scikit-learn",
    "pillow",
    "cryptography",
    "beautifulsoup4",
    "selenium",
    "aiohttp",
    "httpx",
    "click",
    "jinja2",
    "pyyaml",
    "redis",
    "celery",
    "openai",
    "anthropic",
    "langchain",
    "transformers",
    "black",
    "flake8",
    "pylint",
    "mypy",
    "ruff",
    "poetry",
    "virtualenv",
    "python-dateutil",
    "colorama",
    "psycopg2",
    "pymongo",
    "paramiko",
    "gunicorn",
    "uvicorn",
    "starlette",
    "scrapy",
    "sympy",
    "networkx",
    "seaborn",
    "plotly",
    "streamlit",
    "typer",
    "tqdm",
    "werkzeug",
    "markupsafe",
];

/// Much-used packages of the JavaScript registry.
const JAVASCRIPT: &[&str] = &[
    "react",
    "react-dom",
    "lodash",
    "express",
    "axios",
    "typescript",
    "webpack",
    "eslint",
    "prettier",
    "jest",
    "mocha",
    "chalk",
    "commander",
    "moment",
    "dotenv",
    "next",
    "nuxt",
    "svelte",
    "angular",
    "jquery",
    "redux",
    "vite",
    "rollup",
    "babel",
    "electron",
    "mongoose",
    "nodemon",
    "socket.io",
    "tailwindcss",
    "underscore",
    "request",
    "bluebird",
    "cross-env",
    "esbuild",
    "puppeteer",
    "playwright",
    "cypress",
    "vitest",
    "zod",
    "graphql",
    "storybook",
    "webpack-cli",
    "@anthropic-ai/claude-code",
    "@types/node",
    "@types/react",
];

/// Much-used packages of the Rust registry.
const RUST: &[&str] = &[
    "serde",
    "serde_json",
    "tokio",
    "anyhow",
    "thiserror",
    "clap",
    "rand",
    "regex",
    "reqwest",
    "tracing",
    "hyper",
    "futures",
    "chrono",
    "rayon",
    "itertools",
    "actix-web",
    "diesel",
    "rocket",
    "crossbeam",
    "bitflags",
    "once_cell",
    "indexmap",
    "proptest",
    "criterion",
    "dashmap",
    "tempfile",
];

/// Much-used packages of the Ruby registry.
const RUBY: &[&str] =
    &["rails", "bundler", "rspec", "rubocop", "sinatra", "nokogiri", "devise", "sidekiq", "activerecord"];

/// Names that only look like slips.
const REAL: &[&str] = &[
    "boto",
    "preact",
    "flash",
    "request",
    "requests2",
    "click8",
    "lodash4",
    "mock",
    "jes",
    "nest",
    "redis2",
    "rediss",
    "types",
    "clamp",
    "serve",
    "serde1",
    "torch2",
    "regexp",
    "hype",
    "chronos",
    "blacks",
    "vitess",
    "tokio2",
    "rails2",
    "expressa",
    "dotenvy",
    "colored",
    "moments",
    "racket",
    "rollout",
    "django2",
    "reacts",
    "typed",
    "typex",
    "black2",
];

/// Shorter names are too close to each other to tell.
const SHORTEST: usize = 5;

/// How many bytes the longest letter has.
const MOST_BYTES: usize = 4;

/// The much-used package that `package` is a slip away from.
pub(in crate::rules) fn meant(manager: &str, package: &str) -> Option<&'static str> {
    let name = plain_name(package).to_ascii_lowercase();
    let list = match manager {
        "pip" | "pip3" | "pipx" | "uv" | "uvx" | "poetry" | "pdm" | "conda" | "mamba" | "rye" | "python"
        | "python3" => PYTHON,
        "npm" | "npx" | "pnpm" | "pnpx" | "yarn" | "bun" | "bunx" => JAVASCRIPT,
        "cargo" => RUST,
        "gem" | "bundle" | "bundler" => RUBY,
        _ => return None,
    };
    let scope =
        name.strip_prefix('@').and_then(|rest| rest.split_once('/')).map(|(scope, _)| scope.to_owned());
    if let Some(scope) = scope {
        return look_alike_scope(&scope);
    }
    if name.len() < SHORTEST || list.contains(&name.as_str()) || REAL.contains(&name.as_str()) {
        return None;
    }
    list.iter()
        .find(|known| known.len() >= SHORTEST && is_one_slip(known, &name) && !plural(known, &name))
        .copied()
}

/// One letter is left out, put in, changed, or changes places with the next.
fn is_one_slip(known: &str, name: &str) -> bool {
    // Most names differ in more than that already by their length or where they begin and end.
    let same =
        |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(one, other)| one == other).count();
    let ends =
        same(&mut known.bytes().zip(name.bytes())) + same(&mut known.bytes().rev().zip(name.bytes().rev()));
    known.len().abs_diff(name.len()) <= MOST_BYTES
        && ends + 2 * MOST_BYTES >= known.len().max(name.len())
        && strsim::osa_distance(known, name) == 1
}

/// Scopes that belong to well-known makers.
const SCOPES: &[&str] = &[
    "anthropic-ai",
    "angular",
    "babel",
    "types",
    "openai",
    "modelcontextprotocol",
    "microsoft",
    "google-cloud",
    "aws-sdk",
    "vercel",
    "nestjs",
    "storybook",
    "typescript-eslint",
    "playwright",
    "sveltejs",
];

fn look_alike_scope(scope: &str) -> Option<&'static str> {
    if scope.len() < SHORTEST || SCOPES.contains(&scope) {
        return None;
    }
    SCOPES
        .iter()
        .find(|known| {
            known.len() > SHORTEST && (strsim::osa_distance(known, scope) == 1 || same_stem(known, scope))
        })
        .copied()
}

/// `anthrpoic` beside `anthropic-ai`: the maker's name without its ending, and a slip in it.
fn same_stem(known: &str, scope: &str) -> bool {
    known
        .split_once('-')
        .is_some_and(|(stem, _)| stem.len() > SHORTEST && strsim::osa_distance(stem, scope) == 1)
}

/// `request` and `requests` are both real in every registry; a plural alone is no slip.
fn plural(known: &str, name: &str) -> bool {
    known.strip_suffix('s') == Some(name) || name.strip_suffix('s') == Some(known)
}

/// The name without version, extras and the like.
fn plain_name(package: &str) -> &str {
    let (at, rest) = match package.strip_prefix('@') {
        Some(rest) => (1, rest),
        None => (0, package),
    };
    let end = rest.find(['@', '=', '<', '>', '~', '!', '[', ' ', ';']).map_or(package.len(), |end| end + at);
    package.get(..end).unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_a_slip_from_a_name() {
        assert_eq!(meant("pip", "reqeusts==2.0"), Some("requests"));
        assert_eq!(meant("npm", "expresss"), None);
        assert_eq!(meant("npm", "exprss"), Some("express"));
        assert_eq!(meant("npm", "@anthrpoic/mcp-server-filesystem"), Some("anthropic-ai"));
        assert_eq!(meant("pip", "requests[socks]>=2"), None);
        assert_eq!(meant("npm", "@types/node@20"), None);
        assert_eq!(meant("pip", "left-pad"), None);
        assert_eq!(meant("cargo", "serde_json"), None);
    }
}

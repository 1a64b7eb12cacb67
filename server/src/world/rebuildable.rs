//! What a build makes and makes again, by name.

use std::path::Path;

/// Folders whose whole content is made by a tool.
const FOLDERS: &[&str] = &[
    "node_modules",
    "site-packages",
    "bower_components",
    "jspm_packages",
    "_build",
    ".next",
    ".nuxt",
    ".output",
    ".svelte-kit",
    ".astro",
    ".docusaurus",
    ".vite",
    ".turbo",
    ".nx",
    ".parcel-cache",
    ".rollup.cache",
    ".webpack",
    ".rpt2_cache",
    ".angular",
    ".expo",
    ".vercel",
    ".serverless",
    ".aws-sam",
    ".eslintcache",
    ".stylelintcache",
    "storybook-static",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".pytype",
    ".pyre",
    ".hypothesis",
    ".tox",
    ".nox",
    ".venv",
    "venv",
    ".eggs",
    "htmlcov",
    ".nyc_output",
    ".cache",
    ".tmp",
    ".gradle",
    ".kotlin",
    "bazel-bin",
    "bazel-out",
    "bazel-testlogs",
    "pods",
    "deriveddata",
    "xcuserdata",
    ".build",
    ".swiftpm",
    ".dart_tool",
    ".pub-cache",
    ".terraform",
    ".stack-work",
    "dist-newstyle",
    "zig-out",
    "zig-cache",
    ".zig-cache",
    "elm-stuff",
    "_site",
    ".jekyll-cache",
    ".sass-cache",
    ".bundle",
    ".yarn-cache",
    ".pnpm-store",
    ".ipynb_checkpoints",
    "cmakefiles",
    ".ccls-cache",
    ".clangd",
    "test-results",
    "playwright-report",
    "blob-report",
    ".idea_modules",
    ".metals",
    ".bloop",
    "nimcache",
    ".wrangler",
];

/// The same, but the name may also stand for something else where source code lies.
const COMMON_FOLDERS: &[&str] = &["target", "dist", "build", "out", "coverage", "tmp"];

/// Folders in which source code lies.
const SOURCE_FOLDERS: &[&str] = &["src", "lib", "app", "pkg", "internal", "source", "sources", "cmd"];

/// Pairs of folders, one in the other.
const PAIRS: &[(&str, &str)] = &[
    ("vendor", "bundle"),
    ("public", "build"),
    (".yarn", "cache"),
    (".yarn", "unplugged"),
    ("docs", "_build"),
];

/// Beginnings of names of such folders.
const FOLDER_STARTS: &[&str] = &["bazel-", "cmake-build-"];
/// Ends of names of such folders.
const FOLDER_ENDS: &[&str] = &[".egg-info", ".dist-info", ".dsym"];

/// Files that a tool makes, by the end of their name.
const FILE_ENDS: &[&str] = &[
    ".pyc",
    ".pyo",
    ".o",
    ".obj",
    ".lo",
    ".la",
    ".class",
    ".rlib",
    ".rmeta",
    ".gcda",
    ".gcno",
    ".gcov",
    ".d.o",
    ".log",
    ".tmp",
    ".temp",
    ".swp",
    ".swo",
    ".swn",
    ".orig",
    ".rej",
    ".pid",
    ".tsbuildinfo",
    ".elc",
    ".hi",
    ".beam",
    ".cmi",
    ".cmo",
    ".cmx",
    ".profraw",
    ".profdata",
    ".lock~",
    "~",
    ".map.js",
    ".min.js.map",
];

/// Files that a tool makes, by name.
const FILES: &[&str] = &[
    ".ds_store",
    "thumbs.db",
    "desktop.ini",
    ".coverage",
    "coverage.xml",
    "lcov.info",
    ".eslintcache",
    ".stylelintcache",
    "npm-debug.log",
    "a.out",
    "compile_commands.json",
    "cmakecache.txt",
    "nohup.out",
    ".phpunit.result.cache",
    ".rspec_status",
    ".install-stamp",
    ".stamp",
];

/// The file or folder at `path` is made by a build, or is left over by a tool, as far as its name tells.
///
/// Only names below the workspace count: that a workspace lies in a folder `build` says nothing.
#[must_use]
pub fn rebuildable(path: &Path, workspace: &Path) -> bool {
    let below = path.strip_prefix(workspace).unwrap_or(path);
    let Some(text) = below.to_str() else { return false };
    let text = text.to_ascii_lowercase();
    let mut before = "";
    let mut in_source = false;
    for name in text.split('/') {
        if is_made_folder(name) || PAIRS.contains(&(before, name)) {
            return true;
        }
        if !in_source && COMMON_FOLDERS.contains(&name) {
            return true;
        }
        in_source |= SOURCE_FOLDERS.contains(&name);
        before = name;
    }
    FILES.contains(&before) || FILE_ENDS.iter().any(|end| before.ends_with(end))
}

fn is_made_folder(name: &str) -> bool {
    FOLDERS.contains(&name)
        || FOLDER_STARTS.iter().any(|start| name.starts_with(start))
        || FOLDER_ENDS.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(path: &str) -> bool {
        rebuildable(&Path::new("/w/build").join(path), Path::new("/w/build"))
    }

    #[test]
    fn what_a_build_makes_is_rebuildable() {
        for path in [
            "node_modules/a/b.js",
            "target",
            "dist/x.js",
            "a/__pycache__/b.pyc",
            "x.egg-info/PKG",
            "vendor/bundle",
        ] {
            assert!(is(path), "{path}");
        }
    }

    #[test]
    fn what_people_write_is_not_rebuildable() {
        for path in [
            "notes.txt",
            "data/rows.csv",
            "src/target/x86.rs",
            "",
            "vendor/lib.go",
            "app.db",
            "src/build/a.rs",
        ] {
            assert!(!is(path), "{path}");
        }
    }
}
